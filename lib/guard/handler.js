// @ts-check
// What the release guard does when CloudFormation calls it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html

const { unsafeChanges } = require('../release/transition');
const { refusal } = require('../release/refusal');

/**
 * @typedef {object} GuardProperties
 * @property {import('../release/deployed-state').DeployedState} [State]
 * @property {string} [Service] put in front of each sentence
 * @property {Record<string, string>} [SettingNames]
 * @property {string} [AllowUnsafe]
 */

/**
 * @typedef {object} GuardEvent
 * @property {'Create' | 'Update' | 'Delete'} RequestType
 * @property {GuardProperties} ResourceProperties
 * @property {GuardProperties} [OldResourceProperties]
 * @property {string} ResponseURL
 * @property {string} StackId
 * @property {string} RequestId
 * @property {string} LogicalResourceId
 * @property {string} [PhysicalResourceId]
 */

const tries = 5;

// CloudFormation takes an answer of 4096 bytes.
const reasonBytes = 3000;

/** @param {GuardEvent} event */
exports.handler = async (event) => {
  const reason = await objection(event);
  console.log(`${event.RequestType} ${reason === undefined ? 'let through' : `refused: ${reason}`}`);
  await answer(event, reason);
};

/**
 * Why a deploy must not go on; `undefined`: it may. To create and to delete is always allowed, and so is the way back.
 *
 * @param {GuardEvent} event
 */
async function objection({ RequestType, ResourceProperties, OldResourceProperties, StackId }) {
  if (RequestType !== 'Update' || ResourceProperties.AllowUnsafe) {
    return undefined;
  }
  const problems = refusals(OldResourceProperties ?? {}, ResourceProperties);
  if (problems.length === 0) {
    return undefined;
  }
  try {
    return (await goesBack(StackId)) ? undefined : problems.join('; ');
  } catch (error) {
    return [`could not ask CloudFormation whether this is a rollback: ${inWords(error)}`, ...problems].join('; ');
  }
}

/**
 * @param {GuardProperties} before
 * @param {GuardProperties} after
 */
function refusals(before, after) {
  try {
    const changes = before.State && after.State ? unsafeChanges(before.State, after.State) : [];
    const subject = after.Service ? `${after.Service}: ` : '';
    return changes.map((change) => `${subject}${refusal(change, after.SettingNames)}`);
  } catch (error) {
    return [`could not compare the new state with the old one: ${inWords(error)}`];
  }
}

/**
 * Whether CloudFormation undoes a deploy: it then hands over old and new the other way round, which the rule may well refuse.
 *
 * @param {string} stackId
 */
async function goesBack(stackId) {
  // Part of every Node runtime of Lambda; loaded only when it is needed.
  const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient({ requestHandler: { connectionTimeout: 2000, requestTimeout: 4000 } });
  return again(async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
    return `${Stacks?.[0]?.StackStatus}`.endsWith('ROLLBACK_IN_PROGRESS');
  });
}

/**
 * @param {GuardEvent} event
 * @param {string | undefined} reason
 */
async function answer(event, reason) {
  const body = JSON.stringify({
    Status: reason === undefined ? 'SUCCESS' : 'FAILED',
    Reason: reason && Buffer.from(`release guard: ${reason}`).subarray(0, reasonBytes).toString(),
    // Always the same: another one would be another resource.
    PhysicalResourceId: event.PhysicalResourceId ?? event.LogicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
  await again(async () => {
    // The address is signed for a request without a content type.
    const { ok, status } = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
    if (!ok) {
      throw new Error(`CloudFormation answered ${status}`);
    }
  });
}

/**
 * Tries until it goes well, with longer and longer pauses, some seconds in all.
 *
 * @template T
 * @param {() => Promise<T>} attempt
 * @returns {Promise<T>}
 */
async function again(attempt) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === tries) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** tried));
    }
  }
}

/** @param {unknown} error */
function inWords(error) {
  return error instanceof Error ? error.message || error.name : `${error}`;
}
