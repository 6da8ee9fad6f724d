// What the person has already done on this phone but the server does not know yet, laid over what the server told.
(function (phone) {
  "use strict";

  const unsent = (kind) => phone.state.outbox.filter((op) => op.kind === kind && op.state !== "refused");

  /** Visits of a household, newest first; those of the outbox bear `waiting`. */
  function visitsOf(home) {
    const own = unsent("visit.record").filter((op) => op.body.household === home.id).map((op) => ({
      key: op.id, on: op.body.on, tasks: op.body.tasks, done: op.body.done, who: phone.state.me.name, mine: true, waiting: true,
      photos: unsent("visit.photo").filter((photo) => photo.body.visit === op.id).length,
    }));
    const keys = new Set(own.map((visit) => visit.key));
    return own.reverse().concat((home.visits || []).filter((visit) => !keys.has(visit.key)));
  }

  /** Open demands of a household, those of the outbox among them. */
  function asksOf(home) {
    const raised = unsent("ask.raise").filter((op) => op.body.household === home.id).map((op) => op.body);
    const heard = unsent("visit.record").filter((op) => op.body.household === home.id)
      .reduce((all, op) => all.concat(op.body.asks), []);
    return raised.concat(heard).map((ask) => Object.assign({ waiting: true }, ask)).concat(home.asks || []);
  }

  /** The household as it will be once the phone's edits have arrived; `waiting` names the fields that are on their way. */
  function edited(home) {
    const seen = Object.assign({ waiting: [] }, home);
    unsent("household.edit").filter((op) => op.body.household === home.id).forEach((op) => {
      const { position, ...words } = op.body.fields;
      Object.assign(seen, words, position ? { lon: position.lon, lat: position.lat } : {});
      seen.waiting = seen.waiting.concat(Object.keys(op.body.fields));
    });
    return seen;
  }

  /** Days since the last visit, null when there was none. @returns {number|null} */
  function daysSince(home) {
    const last = visitsOf(home).map((visit) => visit.on).concat((home.due || {}).last || []).sort().pop();
    return last ? phone.time.daysBetween(last, phone.time.day(new Date())) : null;
  }

  /** How much of a measure is done, with what waits. */
  function doneOf(measure) {
    return unsent("plan.progress").filter((op) => op.body.measure === measure.id)
      .reduce((sum, op) => sum + Number(op.body.quantity), Number(measure.done));
  }

  /** The person's attendance of a day in a village: what waits, else what the server has. */
  function attendanceOf(village, day) {
    const own = unsent("attendance.mark").filter((op) => op.body.village === village && op.body.on === day).pop();
    return own ? Object.assign({ waiting: true }, own.body)
      : (phone.state.attendance || []).find((one) => one.village === village && one.on === day) || null;
  }

  /** Homes of a village that the person entered on a day, by what this phone knows. */
  function homesEntered(village, day) {
    const homes = Array.from(phone.state.households.values()).filter((home) => home.village === village);
    return homes.filter((home) => visitsOf(home).some((visit) => visit.mine && visit.on === day)).length;
  }

  /** Conflicts that are not settled on this phone yet. */
  function conflicts() {
    const settled = new Set(unsent("conflict.settle").map((op) => op.body.conflict));
    return (phone.state.conflicts || []).filter((one) => !settled.has(one.id));
  }

  phone.pending = { unsent, visitsOf, asksOf, edited, daysSince, doneOf, attendanceOf, homesEntered, conflicts };
})((self.phone = self.phone || {}));
