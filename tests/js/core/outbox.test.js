import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Outbox } from "../../../assets/js/core/outbox.js";
import { FakeClock, FakeStorage } from "../doubles.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const STARTED = Date.UTC(2026, 10, 23);

describe("the outbox", () => {
  /** @type {FakeClock} */
  let clock;
  /** @type {FakeStorage} */
  let storage;
  /** @type {string[]} */
  let posted;
  /** @type {(card: string) => number | null} status by card; null if no answer comes */
  let status;
  let isLeft = false;
  /** @type {string[]} */
  let asked;
  let today = STARTED;

  beforeEach(() => {
    clock = new FakeClock();
    storage = new FakeStorage();
    posted = [];
    asked = [];
    status = () => 200;
    isLeft = false;
    today = STARTED;
  });

  /**
   * @param {string} _url
   * @param {Record<string, string>} fields
   */
  function post(_url, { card }) {
    posted.push(card);
    const answered = status(card);
    if (answered === null) return Promise.reject(new TypeError("Failed to fetch"));
    const json = () => Promise.resolve(answered === 200 ? { next: `/after-${card}` } : { message: `no ${card}` });
    return Promise.resolve({ ok: answered === 200, status: answered, json });
  }

  /**
   * @param {string} [user]
   * @param {Partial<import("../../../assets/js/core/outbox.js").OutboxParts>} [tells]
   */
  function outboxOf(user = "ada", tells = {}) {
    const show = (/** @type {number} */ left) => {
      isLeft = left > 0;
    };
    return new Outbox({
      user,
      storage,
      clock,
      today: () => today,
      post,
      signedOut: () => asked.push(user),
      show,
      ...tells,
    });
  }

  /** An outbox with answers to cards, kept one second after another. */
  function filled(/** @type {string[]} */ ...cards) {
    const outbox = outboxOf();
    for (const card of cards) {
      outbox.keep(`id-${card}`, "/review", { card });
      today += 1_000;
    }
    return outbox;
  }

  it("sends in the order in which things were kept, and forgets what the server has", async () => {
    const outbox = filled("b", "a", "c");
    const answers = await outbox.sendAll();
    assert.deepEqual(posted, ["b", "a", "c"]);
    assert.deepEqual(answers.get("id-a"), { next: "/after-a" });
    assert.deepEqual([storage.length, isLeft, clock.waiting], [0, false, 0]);
  });

  it("says how long ago it was done, if that is a while", async () => {
    const outbox = outboxOf("ada", {
      post: (_url, { card, late_ms }) => {
        posted.push(`${card} ${late_ms}`);
        return post(_url, { card });
      },
    });
    outbox.keep("id-a", "/review", { card: "a" });
    today += 59_000;
    outbox.keep("id-b", "/review", { card: "b" });
    today += 1_000;
    await outbox.sendAll();
    assert.deepEqual(posted, ["a 60000", "a", "b undefined", "b"]);
  });

  it("goes by the time of each, not by the order in which the storage lists them", async () => {
    const outbox = filled("b");
    today = STARTED - 1;
    outbox.keep("id-a", "/review", { card: "a" });
    await outbox.sendAll();
    assert.deepEqual(posted, ["a", "b"]);
  });

  it("keeps what no answer came to, with all behind it, and says so", async () => {
    const outbox = filled("a", "b");
    status = () => null;
    await outbox.sendAll();
    assert.deepEqual(posted, ["a"]);
    assert.deepEqual([outbox.held().length, isLeft], [2, true]);
  });

  it("tries again after 2, 5 and 15 seconds and then every 15, on one timer", async () => {
    const outbox = filled("a");
    status = () => null;
    await outbox.sendAll();
    for (const seconds of [2, 5, 15, 15]) {
      const before = posted.length;
      await clock.pass(seconds * 1_000 - 1);
      assert.equal(posted.length, before);
      await clock.pass(1);
      assert.deepEqual([posted.length, clock.waiting], [before + 1, 1]);
    }
  });

  it("stays on one timer, however often it is told to send", async () => {
    const outbox = filled("a");
    status = () => null;
    await Promise.all([outbox.sendAll(), outbox.sendAll(), outbox.sendAll()]);
    assert.deepEqual([posted.length, clock.waiting], [3, 1]);
  });

  it("sends one after another, also when it is told twice at once", async () => {
    const outbox = filled("a", "b");
    await Promise.all([outbox.sendAll(), outbox.sendAll()]);
    assert.deepEqual(posted, ["a", "b"]);
  });

  for (const refused of [400, 403]) {
    it(`keeps what is refused with ${refused}, and lets pass what is behind it`, async () => {
      const outbox = filled("a", "b");
      status = (card) => (card === "a" ? refused : 200);
      await outbox.sendAll();
      const left = outbox.held().map(({ fields }) => fields.card);
      assert.deepEqual([posted, left], [["a", "b"], ["a"]]);
    });
  }

  it("sends what an older sign-in's page was refused from the next page, where that was the only one", async () => {
    const outbox = filled("a");
    status = () => 400;
    await outbox.sendAll();
    await clock.pass(120_000);
    assert.deepEqual([outbox.held().length, isLeft], [1, true]);
    status = () => 200;
    const answers = await outboxOf().sendAll();
    assert.deepEqual([answers.has("id-a"), storage.length, isLeft], [true, 0, false]);
  });

  for (const gone of [404, 409]) {
    it(`lets go what can never be taken, at ${gone}`, async () => {
      const outbox = filled("a");
      status = () => gone;
      const answers = await outbox.sendAll();
      assert.deepEqual([answers.has("id-a"), answers.get("id-a"), storage.length], [true, undefined, 0]);
    });
  }

  it("sends what was kept at one moment in the order in which it was kept", async () => {
    const outbox = outboxOf();
    for (const card of ["c", "a", "b"]) outbox.keep(`id-${card}`, "/review", { card });
    await outbox.sendAll();
    assert.deepEqual(posted, ["c", "a", "b"]);
  });

  it("takes nothing back before the server has what is taken back", async () => {
    const outbox = filled("a");
    outbox.keep("id-undo", "/undo", { card: "undo" }, { kind: "undo", undoes: "id-a" });
    status = (card) => (card === "a" ? 400 : 200);
    await outbox.sendAll();
    assert.deepEqual(posted, ["a"]);
    status = () => 200;
    await outbox.sendAll();
    assert.deepEqual(posted, ["a", "a", "undo"]);
  });

  it("tells what came of each entry, also at a later try", async () => {
    /** @type {string[]} */
    const told = [];
    const tells = {
      taken: (/** @type {any} */ { id }, /** @type {any} */ { next }) => told.push(`${id} ${next}`),
      refused: (/** @type {any} */ { id }, /** @type {string} */ why) => told.push(`${id} ${why}`),
    };
    const outbox = outboxOf("ada", tells);
    for (const card of ["a", "b"]) outbox.keep(`id-${card}`, "/review", { card });
    status = () => null;
    await outbox.sendAll();
    status = (card) => (card === "a" ? 200 : 404);
    await clock.pass(2_000);
    assert.deepEqual(told, ["id-a /after-a", "id-b no b"]);
  });

  it("keeps nothing and says so where the storage is full", () => {
    storage.isFull = true;
    assert.equal(outboxOf().keep("id-a", "/review", { card: "a" }), false);
  });

  it("leaves what belongs to another person", async () => {
    filled("a");
    const other = outboxOf("ben");
    await other.sendAll();
    assert.deepEqual([other.held(), posted, storage.length], [[], [], 1]);
  });

  it("lets go what is too old, or was cut short", () => {
    const outbox = filled("a");
    storage.setItem("outbox.ada.cut", '{"id": "x", "ur');
    today += 30 * DAY_MS + 1;
    assert.deepEqual([outbox.held(), storage.length], [[], 0]);
  });
});
