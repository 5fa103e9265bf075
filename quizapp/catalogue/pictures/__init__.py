"""Pictures that notes show: found in their text, copied, and rid of what they say beside what they show."""
