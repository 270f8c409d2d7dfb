// Above a form in which something stands that was typed another time.

import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import { useState } from "react";
import { ago } from "../ui/words";

interface Props {
  at: number | undefined; // in milliseconds since 1970
  viewOnly?: boolean; // it cannot be given up now
  discard: () => void;
}

export function Unfinished({ at, viewOnly = false, discard }: Props) {
  const [shown, setShown] = useState(true);
  if (at === undefined || !shown) return null;
  return (
    <Alert
      severity="info"
      role="status"
      action={
        !viewOnly && (
          <Button
            color="inherit"
            size="small"
            onClick={() => {
              setShown(false);
              discard();
            }}
          >
            Start afresh
          </Button>
        )
      }
    >
      You left this unfinished {ago(new Date(at).toISOString(), Date.now())}. What you typed is here.
    </Alert>
  );
}
