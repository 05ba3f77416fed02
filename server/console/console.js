"use strict";

const at = id => document.getElementById(id);
let table = null;     // what DescribeTable said of the chosen one
let startKey = null;  // of the page that follows

// --- the server ----------------------------------------------------------------------------------------------------

// Signed in form only, which is all that is looked at: the access key and the region choose the set of tables.
function headersFor(operation) {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${at("key").value}/${now.slice(0, 8)}/${at("region").value}/dynamodb/aws4_request`;
  const service = /^(ListStreams|DescribeStream|GetShardIterator|GetRecords)$/.test(operation)
    ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
  return {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": `${service}.${operation}`,
    "X-Amz-Date": now,
    "Authorization": `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`,
  };
}

// The body may be JSON text already. What the server refuses is thrown as an Error.
async function call(operation, body) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await fetch("/", { method: "POST", headers: headersFor(operation), body: text });
  const answer = await reply.json();
  if (reply.ok) return answer;
  const type = String(answer.__type).replace(/.*#/, "");
  throw new Error(`${type}: ${answer.message ?? answer.Message ?? ""}`);
}

// --- what is shown -------------------------------------------------------------------------------------------------

const pretty = value => JSON.stringify(value, null, 2);

function show(value) {
  const failed = value instanceof Error;
  at("result").textContent = failed ? value.message : pretty(value);
  at("result").classList.toggle("error", failed);
}

function element(tag, text, onclick) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (onclick) made.addEventListener("click", onclick);
  return made;
}

// A handler whose failure is shown, and which keeps a form from leaving the page.
const guarded = action => async event => {
  event?.preventDefault();
  try { await action(); } catch (error) { show(error); }
};

// --- tables --------------------------------------------------------------------------------------------------------

async function listTables() {
  const names = [];
  for (let last; ;) {
    const page = await call("ListTables", last ? { ExclusiveStartTableName: last } : {});
    names.push(...page.TableNames);
    last = page.LastEvaluatedTableName;
    if (!last) break;
  }
  at("tables").replaceChildren(...names.map(name => {
    const item = element("li"), button = element("button", name, guarded(() => choose(name)));
    if (table?.TableName === name) button.setAttribute("aria-current", "true");
    item.append(button);
    return item;
  }));
  if (!names.includes(table?.TableName)) at("table").hidden = true;
}

async function describe(name) {
  const answer = await call("DescribeTable", { TableName: name });
  table = answer.Table;
  show(answer);
}

async function choose(name) {
  await describe(name);
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  at("index").replaceChildren(new Option("the table", ""), ...indexes.map(index => new Option(index.IndexName)));
  at("name").textContent = name;
  at("partition").value = "";
  at("table").hidden = false;
  at("item").value = pretty(Object.fromEntries(keyNames(table).map(key => [key, { [typeOf(key)]: "" }])));
  await read(null);
  await listTables();
}

const keyNames = part => part.KeySchema.map(key => key.AttributeName);
const typeOf = name => table.AttributeDefinitions.find(definition => definition.AttributeName === name).AttributeType;

function chosenPart() {
  const name = at("index").value;
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return indexes.find(index => index.IndexName === name) ?? table;
}

// --- items ---------------------------------------------------------------------------------------------------------

function readRequest(start) {
  const request = { TableName: table.TableName, Limit: Number(at("limit").value) || undefined };
  if (at("index").value) request.IndexName = at("index").value;
  if (start) request.ExclusiveStartKey = start;
  if (!at("partition").value) return ["Scan", request];
  const [key] = keyNames(chosenPart());
  return ["Query", {
    ...request,
    KeyConditionExpression: "#key = :value",
    ExpressionAttributeNames: { "#key": key },
    ExpressionAttributeValues: { ":value": { [typeOf(key)]: at("partition").value } },
  }];
}

// {"S":"a"} as a, and what has no shorter form as JSON.
function cellText(value) {
  if (value === undefined) return "";
  const [[type, inner]] = Object.entries(value);
  return type === "S" || type === "N" ? inner : JSON.stringify(inner);
}

function showItems(items) {
  const keys = [...new Set([...keyNames(chosenPart()), ...keyNames(table)])];
  const others = new Set(items.flatMap(item => Object.keys(item)));
  const columns = [...keys, ...[...others].filter(name => !keys.includes(name)).sort()];
  const head = element("tr");
  head.append(...columns.map(name => element("th", name)));
  document.querySelector("thead").replaceChildren(head);
  document.querySelector("tbody").replaceChildren(...items.map(item => {
    const row = element("tr", undefined, () => { at("item").value = pretty(item); });
    row.append(...columns.map(name => element("td", cellText(item[name]))));
    return row;
  }));
}

async function read(start) {
  const page = await call(...readRequest(start));
  startKey = page.LastEvaluatedKey;
  showItems(page.Items);
  at("count").textContent = `${page.Count} of ${page.ScannedCount} read${startKey ? ", more follow" : ""}`;
  at("more").hidden = !startKey;
}

async function put() {
  await call("PutItem", `{"TableName":${JSON.stringify(table.TableName)},"Item":${at("item").value}}`);
  await read(null);
}

async function remove() {
  const item = JSON.parse(at("item").value);
  const key = Object.fromEntries(keyNames(table).map(name => [name, item[name]]));
  await call("DeleteItem", { TableName: table.TableName, Key: key });
  await read(null);
}

// --- wiring --------------------------------------------------------------------------------------------------------

at("list").addEventListener("click", guarded(listTables));
at("key").addEventListener("change", guarded(listTables));
at("region").addEventListener("change", guarded(listTables));
at("describe").addEventListener("click", guarded(() => describe(table.TableName)));
at("read").addEventListener("submit", guarded(() => read(null)));
at("more").addEventListener("click", guarded(() => read(startKey)));
at("put").addEventListener("click", guarded(put));
at("delete").addEventListener("click", guarded(remove));
at("run").addEventListener("submit", guarded(async () => {
  show(await call(at("operation").value, at("body").value));
  await listTables();
}));
guarded(listTables)();
