"""Many trainings as data: grids of them and searches, in processes side by side."""
