import type { Page } from '@playwright/test';
import { drawerAt } from './people/drawer.ts';
import { expect, test } from './people/test.ts';

/** Chooses an option of a list with the mouse. */
async function pick(page: Page, label: string, option: string): Promise<void> {
  await drawerAt(page).form.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('a new node is calm, its form unfolds, and fields say what they need once they were left', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'New workflow' }).first().click();
  await expect(page.getByRole('main', { name: 'Canvas' })).toBeVisible();
  const { form } = drawer;
  const field = (label: string) => form.getByRole('textbox', { name: label, exact: true });

  await test.step('a webhook that was just added needs setup; its empty path is asked for when it was left', async () => {
    await drawer.drop('Webhook', [140, 120]);
    await expect(drawer.card('Webhook')).toContainText('Needs setup');
    await expect(form.locator('.field-error')).toHaveCount(0);
    await field('Path').click();
    await page.keyboard.press('Tab');
    await expect(form.locator('.field-error')).toHaveText('Enter a path. For example “orders/:id”.');
    await expect(drawer.card('Webhook')).toContainText('Needs setup');
    // Quiet buttons had no ring: whoever goes by keys did not see where they were.
    const quiet = form.locator('.btn.quiet:focus');
    while ((await quiet.count()) === 0) await page.keyboard.press('Tab');
    await expect(quiet).not.toHaveCSS('box-shadow', 'none');
    await field('Path').click();
    await page.keyboard.type('orders now');
    await page.keyboard.press('Tab');
    await expect(form.locator('.field-error')).toContainText('Path is “orders now”.');
    await field('Path').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('orders');
    await expect(form.locator('.field-error')).toHaveCount(0);
    await expect(drawer.card('Webhook')).not.toContainText('Needs setup');
  });

  await test.step('what is typed can be cut, pasted and undone', async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+X');
    await expect(field('Path')).toHaveValue('');
    await page.keyboard.press('Control+V');
    await expect(field('Path')).toHaveValue('orders');
    await page.keyboard.press('Control+Z');
    await expect(field('Path')).toHaveValue('');
    await page.keyboard.press('Control+V');
    await expect(drawer.card('Webhook')).toContainText('/orders');
  });

  await test.step('one of five bodies, and options when they are asked for', async () => {
    await drawer.drop('HTTP request', [420, 120]);
    await expect(field('JSON body')).toBeHidden();
    await pick(page, 'Body', 'JSON body');
    await field('JSON body').click();
    await page.keyboard.type('{"a": 1}');
    await pick(page, 'Body', 'Text body');
    await expect(field('JSON body')).toBeHidden();
    await pick(page, 'Body', 'JSON body');
    await expect(field('JSON body')).toHaveValue(/"a": 1/);
    await form.getByRole('button', { name: 'Add option' }).click();
    await page.getByRole('menuitem', { name: 'Timeout' }).click();
    await expect(field('Timeout')).toBeFocused();
    await page.keyboard.type('soon');
    await expect(form.locator('.field-error')).toContainText('“soon” is not a duration.');
    await form.getByRole('button', { name: 'Remove Timeout' }).click();
    await expect(field('Timeout')).toBeHidden();
    await form.getByRole('group', { name: 'Headers' }).getByRole('button', { name: 'Add' }).click();
    await page.keyboard.type('X-One');
    await form.getByRole('group', { name: 'Headers' }).getByRole('button', { name: 'Add' }).click();
    await page.keyboard.type('X-One');
    await expect(form.getByText('“X-One” is there already. Enter another name.')).toBeVisible();
    await form.getByRole('textbox', { name: 'Value of X-One' }).last().click();
    await page.keyboard.type('second');
  });

  await test.step('what cannot be stored is not lost: it is an Issue, and it is there again with the form', async () => {
    await form.getByRole('group', { name: 'Query parameters' }).getByRole('button', { name: 'Add' }).click();
    await form.getByRole('textbox', { name: 'Value of 1' }).click();
    await page.keyboard.type('lonely');
    // The URL is missing, and two rows cannot be stored.
    await expect(page.getByRole('button', { name: /^Issues, .*2 to fix, 1 to fill in/ })).toBeVisible();
    await pick(page, 'Body', 'Text body');
    await form.getByRole('tab', { name: 'Settings' }).click();
    await form.getByRole('tab', { name: 'Params' }).click();
    await drawer.choose('Webhook');
    await drawer.choose('HTTP request');
    await expect(field('Text body')).toHaveValue('');
    await expect(form.getByRole('textbox', { name: 'Value of 1' })).toHaveValue('lonely');
    await expect(form.getByRole('textbox', { name: 'Value of X-One' }).last()).toHaveValue('second');
    await expect(drawer.card('HTTP request')).toContainText('“X-One” stands twice in Headers.');
    await page.getByRole('button', { name: /^Issues, / }).click();
    await page.getByRole('button', { name: /“X-One” stands twice/ }).click();
    await expect(form.getByRole('textbox', { name: 'Name 2 of Headers' })).toBeFocused();
    await page.getByRole('button', { name: 'Nodes', exact: true }).click();
    await form.getByRole('button', { name: 'Remove X-One' }).last().click();
    await form.getByRole('button', { name: 'Remove 1' }).click();
    await expect(page.getByRole('button', { name: /^Issues, .*1 to fill in/ })).toBeVisible();
  });

  await test.step('who presses a field keeps the focus, although a key that led elsewhere is still on its way', async () => {
    await drawer.choose('HTTP request');
    await page.clock.install();
    await page.clock.pauseAt(new Date(Date.now() + 1_000));
    await page.keyboard.press('Enter');
    await field('URL').click();
    await page.clock.runFor(500);
    await page.clock.resume();
    await expect(field('URL')).toBeFocused();
  });

  await test.step('what depends on a field comes with it; a value that does nothing is said and kept', async () => {
    await drawer.drop('Merge', [420, 320]);
    const pairs = form.getByRole('group', { name: 'Fields to match' });
    await expect(pairs).toBeHidden();
    await pick(page, 'Mode', 'By matching fields');
    await pairs.getByRole('button', { name: 'Add a pair' }).click();
    await page.keyboard.type('id');
    await pick(page, 'Mode', 'All combinations');
    await expect(pairs).toBeHidden();
    await expect(
      form.getByText('Fields to match has a value that is not used: Mode is “All combinations”.'),
    ).toBeVisible();
    await form.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect(form.getByText('has a value that is not used')).toBeHidden();
  });

  await test.step('rows of a list are added, moved, folded and removed', async () => {
    await drawer.drop('Set fields', [660, 120]);
    for (const name of ['one', 'two', 'three']) {
      await form.getByRole('button', { name: 'Add a field' }).click();
      await page.keyboard.type(name);
    }
    const heads = form.locator('.entry-flip .label');
    await expect(heads).toHaveText(['one', 'two', 'three']);
    await form.getByRole('button', { name: 'Move Field 3 up' }).click();
    await expect(heads).toHaveText(['one', 'three', 'two']);
    // The button of an end is gone there: the focus is on the other one of the row that was moved.
    await form.getByRole('button', { name: 'Move Field 2 down' }).click();
    await expect(form.getByRole('button', { name: 'Move Field 3 up' })).toBeFocused();
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Move Field 1 down' }).click();
    await expect(heads).toHaveText(['three', 'one', 'two']);
    await form.getByRole('button', { name: 'three', expanded: true }).click();
    await expect(form.getByRole('button', { name: 'three', expanded: false })).toBeVisible();
    await form.getByRole('button', { name: 'Remove Field 2' }).click();
    await expect(heads).toHaveText(['three', 'two']);
    await expect(form.getByRole('button', { name: 'three', expanded: false })).toBeVisible();
    await expect(form.getByRole('button', { name: 'Remove Field 2' })).toBeFocused();
    for (const name of ['Remove Field 1', 'Add a field']) {
      await page.keyboard.press('Enter');
      await expect(form.getByRole('button', { name })).toBeFocused();
    }
    await expect(heads).toHaveCount(0);
  });

  await test.step('a schedule shows its next five runs and in which zone', async () => {
    await drawer.drop('Schedule', [140, 320]);
    await form.getByRole('button', { name: 'Add a time' }).click();
    const next = form.getByRole('group', { name: 'Next runs' });
    await expect(next).toBeHidden();
    await field('Every').click();
    await page.keyboard.type('15m');
    await expect(next.locator('span')).toHaveCount(6);
    await expect(next).toContainText('the workflow’s time zone');
    await field('Time zone')
      .or(form.getByLabel('Time zone', { exact: true }))
      .first()
      .click();
    await page.keyboard.type('Asia/Tokyo');
    await expect(next).toContainText('Next runs in Asia/Tokyo');
    await ines.lookClosely('editor, forms unfolded');
  });

  await test.step('a workflow that cannot be called says why', async () => {
    await drawer.drop('Call workflow', [660, 320]);
    await form.getByRole('combobox', { name: 'Workflow', exact: true }).click();
    const itself = page.getByRole('option', { name: 'Untitled workflow' });
    await expect(itself).toBeDisabled();
    await expect(itself).toHaveAccessibleDescription('not published');
    await page.keyboard.press('Escape');
  });

  await test.step('conditions keep what is typed as it is typed, with spaces and all, cut, pasted and undone', async () => {
    await drawer.drop('If', [140, 520]);
    await form.getByRole('button', { name: 'Condition', exact: true }).click();
    await page.keyboard.type('{{ $json.total }');
    await expect(form.getByText('Close the expression with }} to see its result.')).toBeVisible();
    await page.keyboard.press('Tab');
    // It was text in silence: no word at the field, “No problems in this draft”, a green run that gave out the brackets.
    await expect(form.locator('.field-warning')).toContainText('{{ opens an expression that is not closed');
    await expect(drawer.card('If')).toContainText('Conditions › Condition 1');
    await expect(page.getByRole('button', { name: /^Issues, .*warning/ })).toBeVisible();
    await field('Left side of Condition 1').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('}');
    await expect(form.locator('.field-warning')).toHaveCount(0);
    const right = field('Right side of Condition 1');
    await right.click();
    // 1.0 is a number on the way to another, and to a text.
    await page.keyboard.type('1.05');
    await expect(right).toHaveValue('1.05');
    await page.keyboard.type(' kg');
    await expect(right).toHaveValue('1.05 kg');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+X');
    await expect(right).toHaveValue('');
    await page.keyboard.press('Control+V');
    await expect(right).toHaveValue('1.05 kg');
    await page.keyboard.press('Control+Z');
    await expect(right).toHaveValue('');
    await page.keyboard.press('Control+V');
    await pick(page, 'Comparison of Condition 1', 'contains');
    await expect(drawer.card('If')).toContainText('total contains 1.05 kg');
    await pick(page, 'Comparison of Condition 1', 'is empty');
    await expect(right).toBeHidden();
    await expect(drawer.card('If')).toContainText('total is empty');
    await form.getByRole('button', { name: 'Group', exact: true }).click();
    const group = form.getByRole('group', { name: 'Condition 2', exact: true });
    await group.getByRole('button', { name: 'Condition', exact: true }).click();
    await page.keyboard.type('a b');
    await expect(group.getByRole('textbox', { name: 'Left side of Condition 1' })).toHaveValue('a b');
    await form.getByRole('button', { name: 'Remove Condition 2' }).click();
    await expect(group).toBeHidden();
  });

  await test.step('numbers, names with values, expressions, switches and connections', async () => {
    await drawer.drop('Limit', [420, 520]);
    await field('Maximum items').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('12');
    await expect(drawer.card('Limit')).toContainText('first 12');
    await drawer.choose('HTTP request');
    await form.getByRole('group', { name: 'Query parameters' }).getByRole('button', { name: 'Add' }).click();
    await page.keyboard.type('max price');
    await field('Value of max price').click();
    await page.keyboard.type('10.05');
    await expect(field('Value of max price')).toHaveValue('10.05');
    await field('URL').click();
    await page.keyboard.type('https://example.com/a b/{{ 1 + 1 }}');
    await expect(field('URL')).toHaveValue('https://example.com/a b/{{ 1 + 1 }}');
    await expect(form.locator('.gives').first()).toContainText('https://example.com/a b/2');
    await form.getByRole('button', { name: 'New connection' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await form.getByRole('tab', { name: 'Settings' }).click();
    await field('Timeout').click();
    await page.keyboard.type('2 hours');
    await expect(form.locator('.field-error')).toContainText('“2 hours” is not a duration.');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2 h');
    await expect(form.locator('.field-error')).toHaveCount(0);
    await field('Note').click();
    await page.keyboard.type('Ask Åsa first\nthen call');
    await expect(field('Note')).toHaveValue('Ask Åsa first\nthen call');
    await form.getByRole('switch', { name: 'Run when no items come in' }).click();
    await expect(form.getByRole('switch', { name: 'Run when no items come in' })).toBeChecked();
  });

  await test.step('a decision table is written cell by cell, and its results are named', async () => {
    await drawer.drop('Decision table', [660, 520]);
    await form.getByRole('tab', { name: 'Params' }).click();
    await form.getByRole('button', { name: 'Add a column' }).click();
    await page.keyboard.type('weight');
    await form.getByRole('textbox', { name: 'Name of a new result' }).click();
    await page.keyboard.type('price');
    await form.getByRole('button', { name: 'Add result' }).click();
    await field('weight, row 1').click();
    await page.keyboard.type('1.05');
    await expect(field('weight, row 1')).toHaveValue('1.05');
    await field('price, row 1').click();
    await page.keyboard.type('10.00 EUR');
    await expect(field('price, row 1')).toHaveValue('10.00 EUR');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+X');
    await expect(field('price, row 1')).toHaveValue('');
    await page.keyboard.press('Control+V');
    await expect(field('price, row 1')).toHaveValue('10.00 EUR');
    await expect(drawer.card('Decision table')).toContainText('1 row, ');
  });

  await test.step('a cron expression says what is wrong with it', async () => {
    await drawer.choose('Schedule');
    await pick(page, 'Time 1', 'Cron');
    await field('Cron expression').click();
    await page.keyboard.type('99 * * * *');
    await expect(form.locator('.field-error').first()).toBeVisible();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0 9 * * 1-5');
    await expect(form.locator('.field-error')).toHaveCount(0);
    await expect(form.getByRole('group', { name: 'Next runs' }).locator('span')).toHaveCount(6);
  });

  await test.step('Run goes on beside nodes that nothing leads to, and tells what is not set up where it would run', async () => {
    await expect(drawer.card('Call workflow')).toContainText('Needs setup');
    const run = page.getByRole('button', { name: 'Run', exact: true });
    await run.click();
    await expect(page.locator('.runbar')).toContainText('Finished');
    await drawer.connect('Webhook', 'out', 'Call workflow');
    await run.click();
    await expect(page.getByText('1 problem to fix before it can run')).toBeVisible();
    await expect(page.getByText('Choose a workflow.').first()).toBeVisible();
  });

  await test.step('an expression that is emptied or typed over is taken back, as any text is', async () => {
    const url = 'https://example.com/{{ $json.id }}';
    await drawer.choose('HTTP request');
    await field('URL').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(url);
    for (const typed of ['Delete', 'x']) {
      await page.keyboard.press('Control+A');
      await page.keyboard.press(typed);
      await expect(field('URL')).toHaveValue(typed === 'x' ? 'x' : '');
      await expect(field('URL')).toBeFocused();
      await page.keyboard.press('Control+Z');
      await expect(field('URL')).toHaveValue(url);
    }
  });
});
