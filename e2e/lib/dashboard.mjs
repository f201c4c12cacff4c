// The way into the dashboard.

export const PASSWORD = "correct horse battery staple";

/** By the one-time link from the terminal, to the first page. */
export async function enterByLink(page, { dashboard, dashboard_link }) {
  await page.goto(dashboard_link);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("The same again").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password" }).click();
  await page.waitForURL(dashboard);
}
