// Runs in the browser, within the page of the report, beside axe.
globalThis.probe = async () => {
  const { violations, passes } = await globalThis.axe.run(document);
  return {
    passes: passes.length,
    violations: violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`),
  };
};
