// The server as the page has it: updates are put together here, and whoever shows something reads it from here.

const points = 60; // of the small curves, one a second
const maxSeconds = 600;
const maxHappenings = 100;

class Table {
  constructor(keyName) {
    this.keyName = keyName;
    this.rows = new Map();
    this.total = 0;
    this.version = 0;
  }

  apply(change, full, onSet, onGone) {
    if (!change) return;
    if (full) {
      for (const key of this.rows.keys()) onGone?.(key);
      this.rows.clear();
    }
    for (const key of change.gone) {
      onGone?.(key);
      this.rows.delete(key);
    }
    for (const row of change.set) {
      this.rows.set(row[this.keyName], row);
      onSet?.(row);
    }
    this.total = change.total;
    this.version++;
  }
}

export const store = {
  calls: new Map(),
  callsTotal: 0,
  callsVersion: 0,
  rooms: new Table("id"),
  phones: new Table("id"),
  trunks: new Table("name"),
  ended: new Table("id"),
  refusals: new Table("key"),
  seconds: [],
  happenings: [],
  version: 0,
  clockOffset: 0,
  now: () => Date.now() + store.clockOffset,
  apply,
};

const byNumber = new Map();
const table = new Table("id");
let lastPoint = 0;

function newCall(row) {
  return { row, level: -127, mos: 0, jitter: 0, loss: 0, history: { mos: [], jitter: [], loss: [], level: [] } };
}

function apply(frame) {
  store.clockOffset = frame.now - Date.now();
  table.apply(frame.calls, frame.full, setCall, dropCall);
  if (frame.calls) {
    store.callsTotal = frame.calls.total;
    store.callsVersion++;
  }
  if (frame.pulse) applyPulse(frame.pulse);
  for (const name of ["rooms", "phones", "trunks", "ended", "refusals"]) store[name].apply(frame[name], frame.full);
  if (frame.full) [store.seconds, store.happenings] = [[], []];
  if (frame.seconds) store.seconds = [...store.seconds, ...frame.seconds].slice(-maxSeconds);
  if (frame.happenings) store.happenings = [...store.happenings, ...frame.happenings].slice(-maxHappenings);
  if (frame.now - lastPoint >= 1000) addPoints(frame.now);
  store.version++;
}

function setCall(row) {
  const call = store.calls.get(row.id);
  if (call) {
    byNumber.delete(call.row.number);
    call.row = row;
  } else {
    store.calls.set(row.id, newCall(row));
  }
  byNumber.set(row.number, store.calls.get(row.id));
}

function dropCall(id) {
  const call = store.calls.get(id);
  if (!call) return;
  byNumber.delete(call.row.number);
  store.calls.delete(id);
}

// Five numbers each: call, level, MOS in hundredths, jitter in tenths of a millisecond, loss in thousandths.
function applyPulse(pulse) {
  for (let i = 0; i + 4 < pulse.length; i += 5) {
    const call = byNumber.get(pulse[i]);
    if (!call) continue;
    call.level = pulse[i + 1];
    call.mos = pulse[i + 2] / 100;
    call.jitter = pulse[i + 3] / 10;
    call.loss = pulse[i + 4] / 10;
  }
}

function addPoints(now) {
  lastPoint = now;
  for (const call of store.calls.values()) {
    if (call.row.state !== "answered") continue;
    const { history } = call;
    history.mos.push(call.mos);
    history.jitter.push(call.jitter);
    history.loss.push(call.loss);
    history.level.push(call.level);
    if (history.mos.length > points) for (const values of Object.values(history)) values.shift();
  }
}
