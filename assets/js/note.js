// The page of a note: the place in it, what is found in it, reading mode.
import { findInNote } from "./parts/find.js";
import { placeInNote } from "./parts/place.js";
import { readingMode } from "./parts/reading.js";

placeInNote();
findInNote();
readingMode();
