"""`openhouse doctor`: whether a deployed Openhouse works, and what AWS does with it that nobody can tell from here."""
