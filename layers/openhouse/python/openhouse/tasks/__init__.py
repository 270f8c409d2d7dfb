"""Long work that is visible while it runs: tasks, what they are worked on by, and their kinds."""
