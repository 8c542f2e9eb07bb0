"""What opens the course, shows it as slides, and helps in a notebook; nothing here computes."""
