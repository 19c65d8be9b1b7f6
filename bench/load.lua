-- What wrk sends: a new person and class with every request, so that each one books.
-- Arguments: the method, and to book: the files of cookies and of classes, where to start, and "hot"
-- (everybody at one class, then at the next) or "spread" (each at another), and what no earlier key began with.
local method, how, tag, cookies, classes, offset = nil, nil, nil, {}, {}, 0
local sent = 0
local token = string.rep("b", 32)

local function lines_of(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end

function init(args)
  method = args[1]
  if method == "POST" then
    cookies, classes, offset = lines_of(args[2]), lines_of(args[3]), tonumber(args[4])
    how, tag = args[5], args[6]
  end
end

function request()
  if method == "GET" then return wrk.format("GET") end
  local number = offset + sent
  sent = sent + 1
  local person = number % #cookies
  local turn = math.floor(number / #cookies)
  if how == "spread" then turn = (person + turn) % #classes end
  local class = classes[turn + 1]
  local headers = {
    ["Content-Type"] = "application/json",
    ["Cookie"] = "sessionid=" .. cookies[person + 1] .. "; csrftoken=" .. token,
    ["X-CSRFToken"] = token,
    ["Idempotency-Key"] = tag .. number,
  }
  return wrk.format("POST", nil, headers, '{"session": ' .. class .. '}')
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f, "refused": %d, "lost": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end
