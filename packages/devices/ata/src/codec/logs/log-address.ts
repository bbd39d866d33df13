/** Log addresses (ACS-4, Table A.2). */
export const logAddress = {
  directory: 0x00,
  successfulNcqSense: 0x0f,
  ncqCommandError: 0x10,
  ncqNonData: 0x12,
  ncqSendReceive: 0x13,
  identifyDeviceData: 0x30,
  /** Vendor specific (A0h..DFh): what an emulated disk of this project says of itself. */
  emulation: 0xdf,
} as const;

/** Pages of the IDENTIFY DEVICE data log (ACS-4, Table A.22). */
export const identifyPage = {
  list: 0x00,
  copy: 0x01,
  capacity: 0x02,
  supportedCapabilities: 0x03,
  currentSettings: 0x04,
  strings: 0x05,
  security: 0x06,
  sata: 0x08,
} as const;

export const LOG_PAGE_BYTES = 512;
