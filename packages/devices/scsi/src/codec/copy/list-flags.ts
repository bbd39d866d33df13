/** What byte 1 of an EXTENDED COPY parameter list says, in either form (SPC-4 6.4.3). */
export const listFlags = {
  fields: [
    { at: "byte 1[7:6]", kind: "reserved" },
    { name: "str", at: "byte 1[5]", kind: "flag", meaning: "STR: do stream segments in order" },
    {
      name: "listIdUsage",
      at: "byte 1[4:3]",
      kind: "enumeration",
      names: {
        0: "identified, data held",
        2: "identified, data may be discarded",
        3: "not identified",
      },
      meaning: "LIST ID USAGE",
    },
    { name: "priority", at: "byte 1[2:0]", kind: "uint", meaning: "PRIORITY, 0 highest" },
  ],
} as const;
