"""What is computed from the review log: days, statistics, exports, and cards anew."""
