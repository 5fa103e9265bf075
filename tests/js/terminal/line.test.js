import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Line } from "../../../assets/js/terminal/line.js";
import { FakeClock, FakeSocket } from "../doubles.js";

const SHELL = { terminal: "s1", start: 0, seen: 0, truncated: false };
const SIZE = { resize: { rows: 24, columns: 80 } };

describe("the line to a shell", () => {
  /** @type {FakeClock} */
  let clock;
  /** @type {FakeSocket[]} */
  let sockets;
  /** @type {{ value: string | null }} */
  let kept;
  /** @type {string[]} */
  let told;
  /** @type {string[]} */
  let announced;
  let screen = "";
  /** @type {Line} */
  let line;

  beforeEach(() => {
    clock = new FakeClock();
    sockets = [];
    kept = { value: null };
    told = [];
    announced = [];
    screen = "";
    line = new Line({
      terminal: { rows: 24, cols: 80, write },
      openSocket,
      kept,
      clock,
      tell: (text) => told.push(text),
      announce: (happening) => announced.push(happening),
    });
  });

  /**
   * Draw, at once.
   * @param {string | Uint8Array} data
   * @param {() => void} [shown]
   */
  function write(data, shown) {
    screen += typeof data === "string" ? data : new TextDecoder().decode(data);
    shown?.();
  }

  /** @param {Record<string, string>} query */
  function openSocket(query) {
    const socket = new FakeSocket(query);
    sockets.push(socket);
    return socket;
  }

  /** The connection of an open line. */
  function connected(greeting = SHELL) {
    line.open();
    const socket = last();
    socket.receive({ open: greeting });
    socket.sent.length = 0;
    return socket;
  }

  function last() {
    return sockets[sockets.length - 1];
  }

  /** The connections that the page has not closed and the server has not lost. */
  function open() {
    return sockets.filter(({ readyState }) => readyState === 1);
  }

  it("sends nothing before the greeting, and its size right after it", () => {
    line.open();
    line.type("too early");
    last().receive({ open: SHELL });
    line.type("ls\r");
    assert.deepEqual(last().query, { rows: "24", columns: "80" });
    assert.deepEqual(last().sent, [SIZE, "ls\r"]);
    assert.deepEqual(told, ["connected"]);
  });

  it("shows output and acknowledges it", async () => {
    const socket = connected();
    socket.receive("hello");
    await clock.pass(200);
    assert.deepEqual([screen, socket.sent], ["hello", [{ ack: 5 }]]);
  });

  it("sends a long paste in pieces", () => {
    const socket = connected();
    line.type("x".repeat(40_000));
    assert.deepEqual(
      socket.sent.map((piece) => String(piece).length),
      [16_384, 16_384, 7_232],
    );
  });

  it("comes back to the same shell for what it lacks", async () => {
    connected().receive("hello");
    last().lose();
    assert.deepEqual(told, ["connected", "Reconnecting…"]);
    await clock.pass(500);
    assert.deepEqual(last().query, { rows: "24", columns: "80", terminal: "s1", have: "5" });
  });

  it("waits longer and longer, and as at first once it was connected", async () => {
    line.open();
    for (const seconds of [0.5, 1, 2, 4, 8, 15, 15]) {
      const before = sockets.length;
      last().lose();
      await clock.pass(seconds * 1_000 - 1);
      assert.equal(sockets.length, before);
      await clock.pass(1);
      assert.equal(sockets.length, before + 1);
    }
    last().receive({ open: SHELL });
    last().lose();
    await clock.pass(500);
    assert.equal(sockets.length, 9);
  });

  it("says why it must wait, if the server says so", () => {
    line.open();
    last().receive({ away: "The service is being started." });
    last().lose();
    assert.deepEqual(told, ["The service is being started. Reconnecting…"]);
  });

  it("tries at once when the browser is online again, and then no second time", async () => {
    connected().lose();
    line.hurry();
    line.hurry();
    await clock.pass(60_000);
    assert.equal(sockets.length, 2);
  });

  it("counts as lost when the browser goes offline, whatever its socket says later", async () => {
    const socket = connected();
    line.drop();
    line.drop();
    socket.lose();
    assert.deepEqual([socket.readyState, told], [3, ["connected", "Reconnecting…"]]);
    await clock.pass(500);
    assert.equal(sockets.length, 2);
  });

  it("says that a shell is another one, or that not all of it was kept", async () => {
    connected();
    last().lose();
    await clock.pass(500);
    last().receive({ open: { ...SHELL, terminal: "s2" } });
    assert.match(screen, /This is a new shell/);
    last().lose();
    await clock.pass(500);
    last().receive({ open: { ...SHELL, terminal: "s2", start: 900, seen: 900, truncated: true } });
    assert.match(screen, /What was shown before this is not kept/);
    assert.equal(kept.value, "s2");
  });

  it("does not answer again what a replay asks of the terminal", () => {
    const socket = connected({ ...SHELL, seen: 5 });
    line.type("\x1b[?1;2c");
    socket.receive("12345");
    line.type("ls");
    assert.deepEqual(socket.sent, ["ls"]);
  });

  it("ends with its shell, and Enter opens another", () => {
    const socket = connected();
    socket.receive({ ended: "The shell has ended." });
    socket.lose();
    line.type("ls");
    assert.deepEqual([sockets.length, kept.value, announced], [1, null, ["host-ended"]]);
    assert.deepEqual(told, ["connected", "closed"]);
    assert.match(screen, /The shell has ended\. Press Enter for a new shell\./);
    line.type("\r");
    assert.deepEqual(last().query, { rows: "24", columns: "80" });
  });

  it("has one socket after Enter, also when the old one is closed late", async () => {
    const socket = connected();
    socket.receive({ ended: "The shell has ended." });
    line.type("\r");
    socket.lose();
    await clock.pass(60_000);
    assert.deepEqual([sockets.length, open().length], [2, 1]);
  });

  it("tells that the host may have changed, once output has ended after Enter", async () => {
    const socket = connected();
    line.type("docker run nginx\r");
    await clock.pass(900);
    socket.receive("pulling");
    await clock.pass(999);
    assert.deepEqual(announced, []);
    await clock.pass(1);
    assert.deepEqual(announced, ["host-changed"]);
  });

  it("leaves nothing behind when its terminal leaves the page", async () => {
    const socket = connected();
    line.type("ls\r");
    socket.receive("hello");
    line.leave();
    line.hurry();
    await clock.pass(60_000);
    assert.deepEqual([open(), announced, clock.waiting], [[], [], 0]);
  });

  it("opens no further socket when its terminal leaves the page while it waits", async () => {
    connected().lose();
    line.leave();
    await clock.pass(60_000);
    assert.equal(sockets.length, 1);
  });
});
