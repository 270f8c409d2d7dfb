"""What tasks do that read and write texts. What they ask of the language package is imported in the phases alone."""
