import Button from "@mui/material/Button";
import { Link as RouterLink } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { Module } from "../modules/modules";

export function NewButton({ module }: { module: Module }) {
  return (
    <Button component={RouterLink} to={`/${module.path}/new`} variant="contained" startIcon={<Plus size={16} aria-hidden />}>
      New {module.noun}
    </Button>
  );
}
