import Box from "@mui/material/Box";
import { Bars, Waiting } from "../ui/states";

export function BoardSkeleton() {
  return (
    <Waiting>
      <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: { xs: "1fr", md: "repeat(4, 1fr)" } }}>
        {["one", "two", "three", "four"].map((each) => (
          <Bars key={each} count={3} height={120} />
        ))}
      </Box>
    </Waiting>
  );
}
