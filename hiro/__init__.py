"""Where heat harms most, and what to do about it under a budget; it leans on `solarpass`."""
