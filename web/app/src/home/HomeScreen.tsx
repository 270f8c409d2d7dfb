// The day at a glance: what is to do, where the money stands, what colleagues changed.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Link as RouterLink } from "@tanstack/react-router";
import { FileText } from "lucide-react";
import { useEffect, useState } from "react";
import { usePerson } from "../api/context";
import { Page } from "../ui/layout";
import { dayOf } from "../ui/words";
import { Money, Pipelines } from "./Figures";
import { Lately } from "./Lately";
import { DueThisWeek, NewLeads, Today } from "./MyDay";

const MINUTE = 60_000;

export default function HomeScreen() {
  const { name } = usePerson();
  const now = useDay();
  return (
    <Page
      title={`${greeting(new Date().getHours())}, ${name.split(" ")[0]}`}
      actions={
        <Button component={RouterLink} to="/from-text" variant="outlined" startIcon={<FileText size={15} aria-hidden />}>
          From text
        </Button>
      }
    >
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "repeat(2, minmax(0, 1fr))", xl: "repeat(3, minmax(0, 1fr))" }, alignItems: "start" }}>
        <Column>
          <Today now={now} />
          <DueThisWeek now={now} />
        </Column>
        <Column>
          <Money now={now} />
          <NewLeads />
        </Column>
        <Box sx={{ display: "grid", gap: 2, gridColumn: { md: "1 / -1", xl: "auto" }, gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "repeat(2, minmax(0, 1fr))", xl: "minmax(0, 1fr)" }, alignItems: "start" }}>
          <Lately />
          <Pipelines />
        </Box>
      </Box>
    </Page>
  );
}

function Column({ children }: { children: React.ReactNode }) {
  return <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>{children}</Box>;
}

/** Today: another moment when the day has changed, so that what is asked for stays the same within one. */
function useDay(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow((before) => (dayOf(before) === dayOf(new Date()) ? before : new Date())), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function greeting(hour: number): string {
  if (hour < 5) return "Good night";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}
