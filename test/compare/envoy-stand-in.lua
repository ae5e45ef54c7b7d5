-- Runs a filter of Envoy's on requests from standard input: name, tab, value, tab… a line.
-- Stands in for the header object and respond() as Envoy's documentation describes them.
dofile(arg[1])

local Headers = {}
Headers.__index = Headers
function Headers:values(name)
  local found = {}
  for _, field in ipairs(self.fields) do
    if field[1]:lower() == name:lower() then table.insert(found, field[2]) end
  end
  return found
end
function Headers:get(name)
  local values = self:values(name)
  if #values > 0 then return table.concat(values, ",") end
end
function Headers:getNumValues(name) return #self:values(name) end
function Headers:add(name, value) table.insert(self.fields, { name, value }) end
function Headers:remove(name)
  local kept = {}
  for _, field in ipairs(self.fields) do
    if field[1]:lower() ~= name:lower() then table.insert(kept, field) end
  end
  self.fields = kept
end

for line in io.lines() do
  local words = {}
  for word in (line .. "\t"):gmatch("(.-)\t") do table.insert(words, word) end
  local headers = setmetatable({ fields = {} }, Headers)
  for i = 1, #words - 1, 2 do headers:add(words[i], words[i + 1]) end
  local status
  envoy_on_request({
    headers = function() return headers end,
    respond = function(_, answer) status = answer[":status"] end,
  })
  local out = {}
  for _, field in ipairs(headers.fields) do
    table.insert(out, field[1])
    table.insert(out, field[2])
  end
  print(status or (#out > 0 and table.concat(out, "\t") or "-"))
end
