package dotenv

import (
	"slices"
	"strings"

	"upstox-doctor/checks/lazyregexp"
)

// samples are the texts that documentation, templates and tutorials put where
// a value belongs. Each is meant to be far from anything that Upstox issues:
// UUID keys, short alphanumeric secrets, JWTs.
var samples = []*lazyregexp.Regexp{
	lazyregexp.New(`^<[^<>]*>$|^\[[^\[\]"]*\]$|^%[^%]+%$|^\$[a-z_]\w*$|^\$?\{+[^{}":]*\}+$`),
	lazyregexp.New(`^(?:[\W_]*x){3,}[\W_]*$|^[*•.…_?#-]{3,}$|(?:\.\.\.|…)$`),
	lazyregexp.New(`(?:^|[^a-z0-9])your(?:[\W_]|upstox|api|app|client|access|auth|token|key|secret|redirect|domain|$)`),
	lazyregexp.New(`^(?:change|replace|fill|edit)[\W_]?(?:me|this|it|in|with)(?:[\W_]|$)`),
	lazyregexp.New(`^(?:paste|put|insert|enter|add|type|copy)[\W_].*(?:here|token|key|secret|code|value)`),
	lazyregexp.New(`(?:token|key|secret|id|uri|url|code|value|goes|it)[\W_]?here$`),
	lazyregexp.New(`^(?:my[\W_]?)?(?:upstox[\W_]?)?(?:(?:api|app|client|access|analytics|auth|secret|redirect)[\W_]?)?(?:key|secret|token|id|uri|url|code)$`),
	lazyregexp.New(`^(?:dummy|sample|example|fake|placeholder|demo|test|some)(?:[\W_].*(?:key|secret|token|id|uri|code).*)?$`),
	lazyregexp.New(`^(?:none|null|nil|undefined|nan|n/a|todo|tbd|fixme|redacted|empty|string|secret)$`),
}

// sampleURL recognises a sample in a URL, where only the host and marks of a
// template count: a path such as /your-app may be real.
var sampleURL = lazyregexp.New(`^[a-z]+://(?:[^/]*\.)?your[-_.]?(?:app|domain|host|server|site|redirect|callback|url|ip)|[<>{}]|(?:\.\.\.|…)$`)

// Placeholder reports whether the value is sample text that was not replaced:
// YOUR_API_KEY, <token>, {token}, changeme, xxx, and the like. An empty value
// is none.
func Placeholder(value string) bool {
	v, _ := Clean(value)
	if v == "" || len(v) > 200 {
		return false
	}
	v = strings.ToLower(v)
	if strings.Contains(v, "://") {
		return sampleURL.MatchString(v)
	}
	return slices.ContainsFunc(samples, func(re *lazyregexp.Regexp) bool { return re.MatchString(v) })
}
