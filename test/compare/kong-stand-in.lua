-- Runs Kong's pre-function on requests from standard input: name, tab, value, tab… a line.
-- Stands in for the functions of the PDK that it calls, as Kong's documentation describes them.
local run = assert(loadfile(arg[1]))
local headers, status

kong = {
  request = { get_headers = function() return headers end },
  response = { exit = function(code) status = code end },
  service = {
    request = {
      clear_header = function(name) headers[name:lower()] = nil end,
      set_header = function(name, value) headers[name:lower()] = value end,
    },
  },
}

for line in io.lines() do
  local words = {}
  for word in (line .. "\t"):gmatch("(.-)\t") do table.insert(words, word) end
  headers, status = {}, nil
  for i = 1, #words - 1, 2 do
    local name, value = words[i]:lower(), words[i + 1]
    local before = headers[name]
    if type(before) == "table" then
      table.insert(before, value)
    else
      headers[name] = before and { before, value } or value
    end
  end
  run()
  local out = {}
  for name, value in pairs(headers) do
    table.insert(out, name)
    table.insert(out, type(value) == "table" and table.concat(value, ",") or value)
  end
  print(status or (#out > 0 and table.concat(out, "\t") or "-"))
end
