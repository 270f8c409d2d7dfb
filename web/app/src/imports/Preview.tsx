// What becomes of the rows: how many, the first of them, and those that somebody should look at.

import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { type Module, titleOf } from "../modules/modules";
import { textOf } from "../modules/values";
import { Card } from "../ui/layout";
import { Chip } from "../ui/StatusChip";
import { Figures } from "./Figures";
import { asRecord, besideText, factsOf, type Proposal, remarkWord } from "./proposal";

export function Preview({ proposal, module, isOld }: { proposal: Proposal; module: Module | undefined; isOld: boolean }) {
  const { counts, examples, remarks } = proposal;
  return (
    <Card title="What will happen">
      <Box sx={{ display: "grid", gap: 2 }}>
        {isOld && (
          <Typography variant="body2" sx={{ color: "warning.main" }}>
            As of the last check, without what you have changed since.
          </Typography>
        )}
        <Figures
          figures={[
            ["To create", counts.create, "green"],
            ["To update", counts.update, "blue"],
            ["To skip", counts.skip, "quiet"],
            ["To reject", counts.reject, "red"],
            ["To look at", counts.warned, "amber"],
          ]}
        />
        {besideText(proposal) && <Box>{`${besideText(proposal).charAt(0).toUpperCase()}${besideText(proposal).slice(1)}, each made once and linked.`}</Box>}
        {module && examples.length > 0 && (
          <Box>
            <Typography variant="body2" color="textSecondary" sx={{ fontWeight: 500, mb: 1 }}>
              {examples.length === 1 ? `The new ${module.noun}` : `The first new ${module.path}`}
            </Typography>
            <Box component="ul" aria-label="First records" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1 }}>
              {examples.map((document, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- rows may say the same
                <Example key={at} module={module} document={document} />
              ))}
            </Box>
          </Box>
        )}
        {remarks.length > 0 && (
          <Box>
            <Typography variant="body2" color="textSecondary" sx={{ fontWeight: 500, mb: 1 }}>
              Rows to look at
            </Typography>
            <Box component="ul" aria-label="Rows to look at" tabIndex={0} sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1, maxHeight: 280, overflowY: "auto", overflowWrap: "anywhere" }}>
              {remarks.map((remark) => (
                <Box component="li" key={`${remark.line} ${remark.what}`} sx={{ display: "grid", gap: 0.25 }}>
                  <Box sx={{ display: "flex", gap: 1, alignItems: "center" }}>
                    <Box component="span" sx={{ fontWeight: 500 }}>{`Line ${remark.line.toLocaleString()}`}</Box>
                    <Chip tone={remark.what === "reject" ? "red" : remark.what === "skip" ? "quiet" : "amber"}>{remarkWord(remark)}</Chip>
                  </Box>
                  <Box sx={{ typography: "body2", color: "text.secondary" }}>{remark.why}</Box>
                </Box>
              ))}
            </Box>
          </Box>
        )}
      </Box>
    </Card>
  );
}

function Example({ module, document }: { module: Module; document: Proposal["examples"][number] }) {
  const title = titleOf(module, asRecord(document));
  const facts = factsOf(module, document)
    .map(([name, field]) => ({ label: field.label, text: textOf(field, document[name]) }))
    .filter(({ text }) => text !== "" && text !== title);
  return (
    <Box component="li" sx={{ p: 1.5, border: 1, borderColor: "divider", borderRadius: "6px", overflowWrap: "anywhere" }}>
      <Box sx={{ fontWeight: 600 }}>{title}</Box>
      <Box sx={{ typography: "body2", color: "text.secondary" }}>{facts.map(({ label, text }) => `${label}: ${text}`).join(" · ")}</Box>
    </Box>
  );
}
