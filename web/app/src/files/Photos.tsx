// Photos of a record, in their order: the first is the one that cards show. They are moved by dragging, or by the arrow keys.

import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { closestCenter, DndContext, type DragEndEvent, MouseSensor, TouchSensor, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { GripVertical } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useWrite } from "../modules/data";
import { moved } from "../modules/items";
import type { CrmRecord, Module } from "../modules/modules";
import { useWhy } from "../together/useWhy";
import { useAnnounce, useSpoken } from "../ui/Announcer";
import { Card } from "../ui/layout";
import { Chip } from "../ui/StatusChip";
import { ChooseFiles, DropArea } from "./DropArea";
import { filesIn, IMAGES, type StoredFile } from "./file";
import { useRemoval } from "./FileList";
import { Picture } from "./Picture";
import { RemoveFile } from "./RemoveFile";
import { UploadRows } from "./UploadRows";
import { useUploads, useUploadsTo } from "./uploads";

interface Props {
  module: Module;
  record: CrmRecord;
  field: string;
}

export default function Photos(props: Props) {
  const { module, record, field } = props;
  const uploads = useUploads();
  const write = useWrite(module);
  const announce = useAnnounce();
  const why = useWhy();
  const remove = useRemoval(props);
  const [spoken, setSpoken] = useState<string>();
  useSpoken(spoken);
  const photos = filesIn(record, field);
  const mayEdit = record.can.includes("edit");
  const to = { noun: module.noun, id: record.id, field };
  const underway = useUploadsTo(to, (id) => photos.some(([each]) => each === id));
  const take = (files: readonly File[]) => uploads.add(files, to, "images");
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );

  function move(id: string, place: number): void {
    const from = photos.findIndex(([each]) => each === id);
    const name = photos[from]?.[1].name;
    if (place < 0 || place >= photos.length || place === from || name === undefined) return;
    setSpoken(`${name}, ${place + 1} of ${photos.length}${place === 0 ? ", on the card" : ""}`);
    write.mutate({ method: "PATCH", path: `/${record.id}`, body: { [field]: moved(photos, id, place) } }, { onError: (error) => announce(why(error)) });
  }

  function dropped({ active, over }: DragEndEvent): void {
    if (over) move(String(active.id), photos.findIndex(([id]) => id === over.id));
  }

  if (photos.length === 0 && underway.length === 0 && !mayEdit) return null;
  return (
    <Card title="Photos" action={mayEdit && <ChooseFiles label="Upload" accept={IMAGES.join(",")} take={take} />}>
      <DropArea disabled={!mayEdit} hint="Drop to add these photos" take={take}>
        <UploadRows uploads={underway} />
        {photos.length === 0 && underway.length === 0 && (
          <Typography color="textSecondary">No photo yet. Drop some here: the first one stands on the card.</Typography>
        )}
        <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={dropped}>
          <Box
            component="ol"
            aria-label="Photos"
            sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1.5, gridTemplateColumns: "repeat(auto-fill, minmax(140px, 1fr))" }}
          >
            {photos.map(([id, photo], at) => (
              <Tile
                key={id}
                id={id}
                photo={photo}
                place={`${at + 1} of ${photos.length}`}
                first={at === 0}
                mayEdit={mayEdit}
                step={(by) => move(id, at + by)}
                remove={() => remove(id, photo.name)}
              />
            ))}
          </Box>
        </DndContext>
      </DropArea>
    </Card>
  );
}

interface TileProps {
  id: string;
  photo: StoredFile;
  place: string;
  first: boolean;
  mayEdit: boolean;
  step: (by: number) => void;
  remove: () => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

function Tile({ id, photo, place, first, mayEdit, step, remove }: TileProps) {
  const { setNodeRef: drag, listeners, transform, isDragging } = useDraggable({ id, disabled: !mayEdit });
  const { setNodeRef: drop, isOver } = useDroppable({ id, disabled: !mayEdit });

  function pressed(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  }

  return (
    <Box component="li" ref={drop} data-photo={photo.name} sx={{ minWidth: 0, borderRadius: "6px", outline: isOver && !isDragging ? "2px solid" : "none", outlineColor: "primary.main", outlineOffset: 2 }}>
      <Box
        ref={drag}
        {...listeners}
        sx={{
          position: "relative",
          zIndex: isDragging ? 1 : "auto",
          transform: transform ? `translate(${transform.x}px, ${transform.y}px)` : "none",
          opacity: isDragging ? 0.85 : 1,
          cursor: mayEdit ? "grab" : "default",
          touchAction: "manipulation",
          "& img": { WebkitUserDrag: "none" },
        }}
      >
        <Picture id={id} alt={photo.name} height={112} open={!isDragging} />
        {first && (
          <Box sx={{ position: "absolute", top: 8, left: 8, pointerEvents: "none" }}>
            <Chip tone="accent">On the card</Chip>
          </Box>
        )}
      </Box>
      {mayEdit ? (
        <RemoveFile name={photo.name} remove={remove}>
          <IconButton aria-label={`Move ${photo.name}, ${place}: arrow keys`} onKeyDown={pressed}>
            <GripVertical size={16} aria-hidden />
          </IconButton>
          <Name photo={photo} />
        </RemoveFile>
      ) : (
        <Name photo={photo} />
      )}
    </Box>
  );
}

function Name({ photo }: { photo: StoredFile }) {
  return (
    <Box component="span" sx={{ flex: 1, minWidth: 0, typography: "caption", color: "text.secondary", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
      {photo.name}
    </Box>
  );
}
