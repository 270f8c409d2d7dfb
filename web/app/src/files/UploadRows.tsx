// Files on their way: how far each is, what became of it, and what can be done about that.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import { CircleAlert, LoaderCircle, X } from "lucide-react";
import { complaintOf } from "../api/complaint";
import { useWhy } from "../together/useWhy";
import { useSpoken } from "../ui/Announcer";
import { plural } from "../ui/words";
import { sizeText } from "./file";
import { type Upload, useUploads } from "./uploads";

export function UploadRows({ uploads }: { uploads: readonly Upload[] }) {
  const failed = uploads.filter(({ state }) => state === "failed" || state === "refused").length;
  useSpoken(failed > 0 ? `${plural(failed, "file")} could not be uploaded` : uploads.length > 0 ? `${plural(uploads.length, "file")} on the way` : undefined);
  if (uploads.length === 0) return null;
  return (
    <Box component="ul" aria-label="Uploads" sx={{ m: 0, mb: 1, p: 0, listStyle: "none", display: "grid", gap: 1 }}>
      {uploads.map((each) => (
        <Row key={each.key} upload={each} />
      ))}
    </Box>
  );
}

function Row({ upload }: { upload: Upload }) {
  const uploads = useUploads();
  const why = useWhy();
  const { file, state, bytes } = upload;
  const bad = state === "failed" || state === "refused";
  const percent = file.size > 0 ? Math.round((bytes / file.size) * 100) : 0;
  return (
    <Box component="li" data-upload={state} sx={{ display: "grid", gap: 0.5 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, minHeight: 36 }}>
        <Box component="span" sx={{ display: "grid", flex: "none", color: bad ? "error.main" : "text.secondary" }}>
          {bad ? <CircleAlert size={16} aria-hidden /> : <LoaderCircle size={16} aria-hidden />}
        </Box>
        <Box component="span" sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
          {file.name}
        </Box>
        {state === "failed" && <Button onClick={() => uploads.retry(upload.key)}>Try again</Button>}
        <IconButton aria-label={`${bad ? "Dismiss" : "Stop"} ${file.name}`} onClick={() => uploads.drop(upload.key)}>
          <X size={16} aria-hidden />
        </IconButton>
      </Box>
      {bad ? (
        <Box sx={{ typography: "body2", color: "error.main", overflowWrap: "anywhere" }}>{isOther(upload.why) ? "What is in it is not what its name says." : why(upload.why)}</Box>
      ) : (
        <Box className="progress" sx={{ width: "100%" }}>
          <Box
            component="span"
            role="progressbar"
            aria-label={`Upload of ${file.name}`}
            aria-valuenow={percent}
            aria-valuemin={0}
            aria-valuemax={100}
            sx={{ flex: 1 }}
          >
            <span style={{ width: `${percent}%` }} />
          </Box>
          <Box component="span" aria-hidden sx={{ minWidth: 96, textAlign: "right" }}>
            {wordsOf(upload)}
          </Box>
        </Box>
      )}
    </Box>
  );
}

/** Whether the server has looked into it, and found something else. */
const isOther = (error: unknown): boolean => complaintOf(error).errors.some(({ field }) => field === "type");

function wordsOf({ state, bytes, file }: Upload): string {
  switch (state) {
    case "waiting":
      return "Waiting";
    case "checking":
      return "Checking";
    case "sent":
      return "Done";
    default:
      return `${sizeText(Math.round(bytes))} of ${sizeText(file.size)}`;
  }
}
