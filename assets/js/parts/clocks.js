// The clocks of a page, and what follows from their end: loaded where one is, or may come.
import { timeUp } from "./time_up.js";
import { timers } from "./timer.js";

timeUp();
timers();
