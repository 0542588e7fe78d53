"""Is a verdict worth looking at? Every file of a report, what reads it, what compares it."""
