import Box from "@mui/material/Box";
import { useState } from "react";
import { useAddress } from "./addresses";

/** A photo that lies here. `open`: it leads to all of it, in a new tab. */
export function Picture({ id, alt, height, open = false }: { id: string; alt: string; height: number; open?: boolean }) {
  const { url, renew } = useAddress(id, { follow: open });
  const [broken, setBroken] = useState<string>(); // an address that is over; a file that cannot be shown stays a grey field
  const image = url && url !== broken && (
    <Box
      component="img"
      src={url}
      alt={alt}
      loading="lazy"
      draggable={false}
      onError={() => {
        setBroken(url);
        renew();
      }}
      sx={{ display: "block", width: "100%", height, objectFit: "cover" }}
    />
  );
  return (
    <Box sx={{ height, bgcolor: "raised", borderRadius: "6px", overflow: "hidden", "& a:focus-visible": { outlineOffset: "-2px" } }}>
      {image && open ? (
        <Box component="a" href={url} target="_blank" rel="noreferrer" draggable={false} sx={{ display: "block" }}>
          {image}
        </Box>
      ) : (
        image
      )}
    </Box>
  );
}
