// A text of several lines in which people are mentioned: `@` and the beginning of a name offers who may read it.

import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Popper from "@mui/material/Popper";
import TextField, { type TextFieldProps } from "@mui/material/TextField";
import { type ChangeEvent, type KeyboardEvent, type Ref, useId, useLayoutEffect, useRef, useState } from "react";
import { Avatar } from "../ui/Avatar";
import { type Asked, asked, completed, edited, matching } from "./mentioning";
import { type Person, shownText } from "./mentions";

type Props = Omit<TextFieldProps, "value" | "onChange" | "inputRef" | "slotProps"> & {
  value: string; // as it is stored
  put: (stored: string) => void;
  readers: () => readonly Person[];
  inputRef: Ref<HTMLTextAreaElement>;
  slotProps: { readonly htmlInput?: object; readonly input?: object; readonly inputLabel?: object };
  readOnly: boolean;
};

export function MentionInput({ value, put, readers, inputRef, onBlur, slotProps, readOnly, ...text }: Props) {
  const input = useRef<HTMLTextAreaElement>(null);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const caret = useRef<number>(undefined); // where it has to be once the text is there
  const [begun, setBegun] = useState<Asked>();
  const [at, setAt] = useState(0);
  const list = useId();
  if (readOnly && begun) setBegun(undefined);
  const found = begun ? matching(readers(), begun.name) : [];
  const option = (index: number): string => `${list}-${index}`;

  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });

  function type({ target }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void {
    const place = target.selectionStart ?? target.value.length;
    const stored = edited(value, target.value, place);
    put(stored);
    setBegun(asked(stored, place));
    setAt(0);
  }

  function choose(person: Person): void {
    if (!begun) return;
    const made = completed(value, begun, person);
    caret.current = made.caret;
    put(made.stored);
    setBegun(undefined);
  }

  function press(event: KeyboardEvent): void {
    const person = found[at];
    if (!person || event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((at + found.length - 1) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(person);
    else if (event.key === "Escape") setBegun(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <Box ref={setBox}>
      <TextField
        {...text}
        multiline
        fullWidth
        value={shownText(value)}
        onChange={type}
        onKeyDown={press}
        onSelect={() => begun && input.current?.selectionStart !== begun.to && setBegun(undefined)}
        onBlur={(event) => {
          setBegun(undefined);
          onBlur?.(event);
        }}
        inputRef={(element: HTMLTextAreaElement | null) => {
          input.current = element;
          if (typeof inputRef === "function") inputRef(element);
        }}
        slotProps={{
          ...slotProps,
          htmlInput: {
            ...slotProps.htmlInput,
            "aria-autocomplete": "list",
            ...(found.length > 0 ? { "aria-controls": list, "aria-activedescendant": option(at) } : {}),
          },
        }}
      />
      <Popper open={found.length > 0} anchorEl={box} placement="bottom-start" sx={{ zIndex: "modal" }}>
        <Paper component="ul" role="listbox" id={list} aria-label="People to mention" elevation={3} sx={{ m: 0, p: 0.5, minWidth: 220, listStyle: "none" }}>
          {found.map((person, index) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the input's
            <Box
              component="li"
              key={person.id}
              id={option(index)}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()} // the input keeps the focus
              onClick={() => choose(person)}
              onMouseEnter={() => setAt(index)}
              sx={{
                display: "flex",
                alignItems: "center",
                gap: 1,
                px: 1,
                minHeight: 36,
                "@media (pointer: coarse)": { minHeight: 44 },
                borderRadius: "6px",
                cursor: "pointer",
                "&[aria-selected=true]": { bgcolor: "raised" },
              }}
            >
              <Avatar name={person.name} size={24} />
              {person.name}
            </Box>
          ))}
        </Paper>
      </Popper>
    </Box>
  );
}
