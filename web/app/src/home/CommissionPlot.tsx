// Commission of closed escrows by month: a bar for each, and the same as a table for whoever cannot see bars.

import Box from "@mui/material/Box";
import { HIDDEN } from "../ui/hidden";
import { money, shortMoney } from "../ui/words";
import { type Month, topOf } from "./months";

const [WIDTH, HEIGHT, FOOT, HEAD] = [360, 148, 20, 18];

export default function CommissionPlot({ months }: { months: readonly Month[] }) {
  const top = topOf(months.map(({ cents }) => cents));
  const step = WIDTH / months.length;
  const bar = Math.min(36, step * 0.6);
  const tall = HEIGHT - FOOT - HEAD;
  return (
    <>
      <Box component="svg" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden sx={{ display: "block", width: "100%", height: "auto", maxHeight: 200, "& text": { fontSize: 11, fill: "var(--mui-palette-text-secondary)", textAnchor: "middle" } }}>
        <line x1={0} x2={WIDTH} y1={HEIGHT - FOOT + 0.5} y2={HEIGHT - FOOT + 0.5} stroke="var(--mui-palette-divider)" />
        {months.map(({ month, label, cents }, at) => {
          const height = (cents / top) * tall;
          const middle = step * at + step / 2;
          const now = at === months.length - 1;
          return (
            <g key={month}>
              <rect x={middle - bar / 2} y={HEIGHT - FOOT - height} width={bar} height={height} rx={3} fill="var(--mui-palette-primary-main)" opacity={now ? 1 : 0.55} />
              {cents > 0 && (
                <text x={middle} y={HEIGHT - FOOT - height - 5}>
                  {shortMoney(cents)}
                </text>
              )}
              <text x={middle} y={HEIGHT - 5}>
                {label}
              </text>
            </g>
          );
        })}
      </Box>
      <Box component="table" sx={HIDDEN}>
        <caption>Commission of closed escrows by month</caption>
        <tbody>
          {months.map(({ month, cents }) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              <td>{money(cents)}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </>
  );
}
