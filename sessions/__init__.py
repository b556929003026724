"""What happens: the timetable, the seats and the reminders."""
