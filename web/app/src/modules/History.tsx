// What happened to a record, in words: "Ben changed price from $425,000 to $430,000".

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { Avatar } from "../ui/Avatar";
import { Card } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { ago } from "../ui/words";
import { useHistory, useNames } from "./data";
import type { Module } from "./modules";
import { told } from "./told";

export function History({ module, id }: { module: Module; id: string }) {
  const history = useHistory(module, id);
  const named = useNames();
  return (
    <Card title="History">
      {history.isPending && (
        <Waiting>
          <Bars count={4} height={32} />
        </Waiting>
      )}
      {history.error && <Failed error={history.error} retry={() => void history.refetch()} />}
      <Box component="ol" aria-label="History" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1.5 }}>
        {told(module, history.data?.items ?? [], named).map(({ step, sentence }) => (
          <Box component="li" key={step.version} sx={{ display: "flex", gap: 1.5 }}>
            <Avatar name={named(step.by)} size={24} />
            <Box sx={{ minWidth: 0 }}>
              <Typography sx={{ overflowWrap: "anywhere" }}>
                <strong>{named(step.by)}</strong> {sentence}
              </Typography>
              <Typography variant="caption" color="textSecondary">
                <time dateTime={step.at} title={new Date(step.at).toLocaleString()}>
                  {ago(step.at, Date.now())}
                </time>
              </Typography>
            </Box>
          </Box>
        ))}
      </Box>
    </Card>
  );
}

