/** Why there is no guest, or no result of one. */
export class LabFailure extends Error {
  /**
   * @param {string} message
   * @param {number} [exitStatus] 2: the command line is wrong; 125: the lab failed
   */
  constructor(message, exitStatus = 125) {
    super(message);
    this.exitStatus = exitStatus;
  }
}
