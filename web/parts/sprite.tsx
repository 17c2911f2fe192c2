/** Every symbol of the pages, once: a shape says what a colour would not say to everyone. */
export const Sprite = () => (
  <svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" hidden aria-hidden="true">
    <symbol id="i-pending" viewBox="0 0 16 16">
      <path d="M8 1.75a6.25 6.25 0 1 1-6.25 6.25" stroke-dasharray="2.2 2.2" />
      <path d="M1.75 8A6.25 6.25 0 0 1 8 1.75" />
      <path d="M8 4.75V8l2.25 1.5" />
    </symbol>
    <symbol id="i-blocked" viewBox="0 0 16 16">
      <path d="M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3z" />
      <path d="M4.75 8h6.5" stroke-width="2" />
    </symbol>
    <symbol id="i-approved" viewBox="0 0 16 16">
      <circle cx="8" cy="8" r="6.25" />
      <path d="m5.25 8.25 2 2 3.5-4" />
    </symbol>
    <symbol id="i-scheduled" viewBox="0 0 16 16">
      <rect x="2" y="3" width="12" height="11" rx="1" />
      <path d="M5 1.5V4m6-2.5V4M2 6.5h12M8 8.5v2.25l1.5 1" />
    </symbol>
    <symbol id="i-executing" viewBox="0 0 16 16">
      <path d="M1.75 8h11.5M9.5 4l4 4-4 4" />
      <path d="M4 4v8" opacity=".7" />
    </symbol>
    <symbol id="i-completed" viewBox="0 0 16 16">
      <circle cx="8" cy="8" r="6.25" fill="currentColor" />
      <path d="m5.25 8.25 2 2 3.5-4" stroke="var(--surface)" />
    </symbol>
    <symbol id="i-rejected" viewBox="0 0 16 16">
      <rect x="2" y="2" width="12" height="12" rx="1" />
      <path d="m5.5 5.5 5 5m0-5-5 5" />
    </symbol>
    <symbol id="i-cancelled" viewBox="0 0 16 16">
      <circle cx="8" cy="8" r="6.25" />
      <path d="M3.7 12.3 12.3 3.7" />
    </symbol>
    <symbol id="i-failed" viewBox="0 0 16 16">
      <path d="M8 2 15 14H1z" />
      <path d="M8 6.5v3.25m0 2v.1" />
    </symbol>
    <symbol id="i-rolled_back" viewBox="0 0 16 16">
      <path d="M2.5 3v4h4" />
      <path d="M2.8 7A5.6 5.6 0 1 1 3.5 11.5" />
    </symbol>
    <symbol id="i-passed" viewBox="0 0 16 16">
      <path d="m2.5 8.5 3.5 3.5 7.5-8" />
    </symbol>
    <symbol id="i-warning" viewBox="0 0 16 16">
      <path d="M8 1.5 14.5 8 8 14.5 1.5 8z" />
      <path d="M8 5.25V8.5m0 2.25v.1" />
    </symbol>
    <symbol id="i-skipped" viewBox="0 0 16 16">
      <path d="m2.5 4 4 4-4 4M8 4l4 4-4 4M14 4v8" />
    </symbol>
    <symbol id="i-error" viewBox="0 0 16 16">
      <path d="M8 2 15 14H1z" />
      <path d="m6.5 8 3 3m0-3-3 3" />
    </symbol>
    <symbol id="i-lock" viewBox="0 0 16 16">
      <rect x="3" y="7" width="10" height="7" rx="1" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </symbol>
    <symbol id="i-freeze" viewBox="0 0 16 16">
      <path d="M8 1.5v13M2.4 4.75l11.2 6.5M2.4 11.25l11.2-6.5M6 2.5l2 2 2-2M6 13.5l2-2 2 2" />
    </symbol>
    <symbol id="i-drift" viewBox="0 0 16 16">
      <path d="M1.5 5.5c2-2.5 4.5-2.5 6.5 0s4.5 2.5 6.5 0" />
      <path d="M1.5 11h4m3 0h6" />
    </symbol>
    <symbol id="i-behind" viewBox="0 0 16 16">
      <path d="M2 4h4v4h4v4h4" />
    </symbol>
    <symbol id="i-config" viewBox="0 0 16 16">
      <path d="M2 4.5h6m3 0h3M2 11.5h3m3 0h6" />
      <circle cx="9.5" cy="4.5" r="1.5" />
      <circle cx="6.5" cy="11.5" r="1.5" />
    </symbol>
    <symbol id="i-artifact" viewBox="0 0 16 16">
      <path d="M8 1.75 13.75 5v6L8 14.25 2.25 11V5z" />
      <path d="M2.25 5 8 8.25 13.75 5M8 8.25v6" />
    </symbol>
    <symbol id="i-agent" viewBox="0 0 16 16">
      <rect x="2.5" y="5" width="11" height="8" rx="2" />
      <path d="M8 5V2.25M6 8.5v1m4-1v1" />
    </symbol>
    <symbol id="i-search" viewBox="0 0 16 16">
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </symbol>
    <symbol id="i-user" viewBox="0 0 16 16">
      <circle cx="8" cy="5.25" r="2.75" />
      <path d="M2.75 14c.5-3 2.5-4.25 5.25-4.25S12.75 11 13.25 14" />
    </symbol>
    <symbol id="i-no" viewBox="0 0 16 16">
      <circle cx="8" cy="5.25" r="2.75" />
      <path d="M2.75 14c.4-2.3 1.6-3.6 3.25-4.1M10 11l4 3.5m0-3.5-4 3.5" />
    </symbol>
    <symbol id="i-copy" viewBox="0 0 16 16">
      <rect x="5.5" y="5.5" width="8" height="8.5" rx="1" />
      <path d="M10.5 5.5v-3h-8v8.5h3" />
    </symbol>
    <symbol id="i-proof" viewBox="0 0 16 16">
      <path d="M8 1.5 13.5 3.5V8c0 3.25-2.25 5.5-5.5 6.5C4.75 13.5 2.5 11.25 2.5 8V3.5z" />
      <path d="m5.5 8 1.75 1.75L10.5 6" />
    </symbol>
    <symbol id="i-plus" viewBox="0 0 16 16">
      <path d="M8 3v10M3 8h10" />
    </symbol>
    <symbol id="i-minus" viewBox="0 0 16 16">
      <path d="M3 8h10" />
    </symbol>
    <symbol id="i-edit" viewBox="0 0 16 16">
      <path d="M3 13l.75-3L11 2.75 13.25 5 6 12.25z" />
    </symbol>
    <symbol id="i-conflict" viewBox="0 0 16 16">
      <path d="M2 4h3.5l5 8H14M2 12h3.5l1.5-2.4M9 6.4 10.5 4H14" />
    </symbol>
    <symbol id="i-owned" viewBox="0 0 16 16">
      <path d="M3 14V2h8.5l-2 3.25 2 3.25H3" />
    </symbol>
    <symbol id="i-comment" viewBox="0 0 16 16">
      <path d="M2 3h12v8.5H7L4 14v-2.5H2z" />
    </symbol>
    <symbol id="i-next" viewBox="0 0 16 16">
      <path d="m6 3.5 4.5 4.5L6 12.5" />
    </symbol>
    <symbol id="mark" viewBox="0 0 24 24">
      <path d="M2 12.5h9V20H2z" fill="var(--water)" />
      <path d="M13 16.5h9V20h-9z" fill="var(--water-2)" />
      <path d="M2 12.5h8.5M13.5 16.5H22" stroke="var(--accent)" stroke-width="1.6" />
      <path d="M8.5 3.5h7" stroke="currentColor" stroke-width="2" />
      <path d="M12 3v12" stroke="currentColor" stroke-width="3.2" />
      <path d="M1.5 20.5h21" stroke="currentColor" stroke-width="1.8" />
    </symbol>
  </svg>
);
