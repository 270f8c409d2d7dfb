// All tasks of the last days: also those that have gone from the tray, whose work can still be taken back.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogTitle from "@mui/material/DialogTitle";
import { useTasks } from "@openhouse/client/react/tasks";
import { type MouseEvent, useId, useState } from "react";
import { Bars, Empty, Failed, Waiting } from "../ui/states";
import { Reviewed } from "./Reviewed";
import { TaskLine } from "./TaskLine";
import { isUndone } from "./tray";

/** A click that leads to a page of the app, which is under this dialog. */
const isOfPage = ({ target }: MouseEvent): boolean => target instanceof Element && target.closest("a[href^='/']") !== null;

export default function RecentTasks({ close }: { close: () => void }) {
  const { items, isPending, error } = useTasks();
  const [reviewed, setReviewed] = useState<string>();
  const heading = useId();
  return (
    <>
      <Dialog open onClose={close} fullWidth maxWidth="sm" aria-labelledby={heading}>
        <DialogTitle id={heading} variant="h2" sx={{ px: 2 }}>
          Recent tasks
        </DialogTitle>
        {items.length === 0 && isPending && !error && (
          <Box sx={{ p: 2 }}>
            <Waiting>
              <Bars count={3} height={44} />
            </Waiting>
          </Box>
        )}
        {items.length === 0 && error && <Failed error={error} />}
        {items.length === 0 && !isPending && <Empty title="No tasks in the last week">What takes longer, such as looking for duplicates, shows here while it runs and for a week after.</Empty>}
        <Box component="ul" aria-label="Recent tasks" onClick={(event) => isOfPage(event) && close()} sx={{ m: 0, p: 0, listStyle: "none", overflowY: "auto" }}>
          {items.map((task) => (
            <TaskLine key={task.id} task={task} dated isUndone={isUndone(task, items)} review={() => setReviewed(task.id)} />
          ))}
        </Box>
        <DialogActions>
          <Button color="inherit" onClick={close} autoFocus>
            Close
          </Button>
        </DialogActions>
      </Dialog>
      <Reviewed task={items.find(({ id }) => id === reviewed)} close={() => setReviewed(undefined)} />
    </>
  );
}
