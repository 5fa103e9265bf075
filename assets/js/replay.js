// The replay of a run.
import { stepByStep } from "./parts/steps.js";

stepByStep();
