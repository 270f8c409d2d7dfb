"""What is deployed: stateful things in data_stack, the rest composed in app_stack. No business rule lives here."""
