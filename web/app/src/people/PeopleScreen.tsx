import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useRoster } from "../modules/data";
import { Avatar } from "../ui/Avatar";
import { Card, Page } from "../ui/layout";
import { Bars, Failed, Waiting } from "../ui/states";
import { plural, words } from "../ui/words";

/** Everybody of the brokerage, and their teams. */
export default function People() {
  const roster = useRoster();
  const teams = new Map(roster.data?.teams.map(({ teamId, name }) => [teamId, name]));
  return (
    <Page
      title="People"
      about={
        roster.data && (
          <Box component="span" sx={{ color: "text.secondary" }}>
            {plural(roster.data.users.length, "person", "people")} of {roster.data.brokerage.name}
          </Box>
        )
      }
    >
      <Card flush>
        {roster.isPending && (
          <Waiting>
            <Box sx={{ p: 2 }}>
              <Bars count={8} height={28} />
            </Box>
          </Waiting>
        )}
        {roster.error && <Failed error={roster.error} retry={() => void roster.refetch()} />}
        {roster.data && (
          <TableContainer>
            <Table size="small" aria-label="People">
              <TableHead>
                <TableRow>
                  <TableCell>Name</TableCell>
                  <TableCell>Role</TableCell>
                  <TableCell>Teams</TableCell>
                  <TableCell sx={{ display: { xs: "none", sm: "table-cell" } }}>E-mail</TableCell>
                </TableRow>
              </TableHead>
              <TableBody>
                {roster.data.users
                  .toSorted((one, other) => one.name.localeCompare(other.name))
                  .map((user) => (
                    <TableRow key={user.userId} sx={{ height: 44, "&:last-child td": { borderBottom: 0 } }}>
                      <TableCell>
                        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, fontWeight: 500 }}>
                          <Avatar name={user.name} size={28} />
                          {user.name}
                        </Box>
                      </TableCell>
                      <TableCell>{words(user.role)}</TableCell>
                      <TableCell>
                        {user.role === "broker"
                          ? "Every team"
                          : user.teamIds.map((id) => teams.get(id) ?? id).join(", ") || "None"}
                      </TableCell>
                      <TableCell sx={{ display: { xs: "none", sm: "table-cell" } }}>
                        <Link href={`mailto:${user.email}`}>{user.email}</Link>
                      </TableCell>
                    </TableRow>
                  ))}
              </TableBody>
            </Table>
          </TableContainer>
        )}
      </Card>
    </Page>
  );
}
