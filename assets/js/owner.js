// The owner's page: what runs comes once sandboxd has said it. Without it a link leads there.
import "./parts/swaps.js";
