// One pass: plan the notices that are due, ask about events that did not happen, invite to what is near, then send.
import { planInvitations } from '../db/invitations.ts';
import { planMilestoneWatch } from '../db/milestone-watch.ts';
import type { PassResult } from '../db/notice-plan.ts';
import { planNotices } from '../db/notice-plan.ts';
import { deliverDue, type Delivery } from './delivery.ts';

export interface PassReport extends PassResult {
  /** Ids of the messages the mail server accepted. */
  accepted: number[];
}

/** Runs a pass at the clock's present. Run twice, the second plans and sends nothing. */
export async function runPass(delivery: Delivery): Promise<PassReport> {
  const moment = await delivery.clock();
  const plan = await planNotices(delivery.db, moment);
  await planMilestoneWatch(delivery.db, moment);
  await planInvitations(delivery.db, moment);
  if (plan.uncovered.length > 0) {
    delivery.log(`Sin persona vigente a quien avisar: ${plan.uncovered.join('; ')}`);
  }
  return { ...plan, accepted: await deliverDue(delivery) };
}
