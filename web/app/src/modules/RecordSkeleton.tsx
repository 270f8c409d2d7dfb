import Box from "@mui/material/Box";
import { Bars, Waiting } from "../ui/states";

/** Where a record's page will be. */
export function RecordSkeleton() {
  return (
    <Waiting>
      <Box sx={{ px: { xs: 2, md: 4 }, py: 3, display: "grid", gap: 3 }}>
        <Bars count={1} width={280} height={36} />
        <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 380px" } }}>
          <Bars count={2} height={180} />
          <Bars count={2} height={180} />
        </Box>
      </Box>
    </Waiting>
  );
}
