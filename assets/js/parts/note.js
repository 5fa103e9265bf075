// What the page of a note does by itself.
import { findInNote } from "./find.js";
import { placeInNote } from "./place.js";
import { readingMode } from "./reading.js";

export function notePage() {
  placeInNote();
  findInNote();
  readingMode();
}
