/** An address of ours that leads to no page. */
export const NotFound = () => (
  <section class="sect">
    <div class="void">
      <h1>Page not found</h1>
      <p>
        This address leads to no page of Sluice. What you look for may have another name or belong to another
        tenant.
      </p>
      <a class="btn" href="/">
        What runs where
      </a>
    </div>
  </section>
);
