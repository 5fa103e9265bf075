// The page that begins a quiz: what it says of the questions that are left and of the quiz is exchanged with each change.
import "htmx.org";
