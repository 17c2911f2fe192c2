/**
 * Opens a client when it is first needed, once. Most invocations only read: they start faster without the clients of what they do not call.
 * An opening that failed is tried again.
 */
export function onDemand<Client>(open: () => Promise<Client>): () => Promise<Client> {
  let opened: Promise<Client> | undefined;
  return () => {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
