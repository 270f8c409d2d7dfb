import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import { type LucideIcon, Mail, MessageSquare, Phone } from "lucide-react";
import type { CrmRecord } from "../modules/modules";
import { callOf, emailsOf, mailTo, phonesOf, textTo } from "./contact";

interface Way {
  verb: string;
  href: string;
  icon: LucideIcon;
}

function waysTo(record: CrmRecord): Way[] {
  const [phone, email] = [phonesOf(record)[0]?.value, emailsOf(record)[0]?.value];
  return [
    ...(phone
      ? [
          { verb: "Call", href: callOf(phone), icon: Phone },
          { verb: "Text", href: textTo(phone), icon: MessageSquare },
        ]
      : []),
    ...(email ? [{ verb: "Mail", href: mailTo(email), icon: Mail }] : []),
  ];
}

/** Call, text, mail, each by one tap. */
export function ReachIcons({ record, name }: { record: CrmRecord; name: string }) {
  return (
    <Box sx={{ display: "inline-flex", gap: 0.5 }}>
      {waysTo(record).map(({ verb, href, icon: Icon }) => (
        <IconButton key={verb} href={href} aria-label={`${verb} ${name}`} title={verb} onClick={(event) => event.stopPropagation()}>
          <Icon size={16} aria-hidden />
        </IconButton>
      ))}
    </Box>
  );
}

export function ReachButtons({ record }: { record: CrmRecord }) {
  return (
    <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap" }}>
      {waysTo(record).map(({ verb, href, icon: Icon }) => (
        <Button key={verb} href={href} variant="outlined" startIcon={<Icon size={15} aria-hidden />} sx={{ flex: { xs: 1, sm: "none" } }}>
          {verb}
        </Button>
      ))}
    </Box>
  );
}
