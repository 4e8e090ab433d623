package upstox

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"upstox-doctor/checks/market"
	"upstox-doctor/checks/redact"
)

// maxHolidays is the most special days of a year. Upstox lists some twenty.
const maxHolidays = 1000

// Holidays returns the days of this year on which trading is out of the
// ordinary. The call needs no token.
func (c *Client) Holidays(ctx context.Context) ([]market.Holiday, Response) {
	a := c.get(ctx, "/v2/market/holidays", "")
	var days []market.Holiday
	if !a.decode(&days) {
		return nil, a
	}
	if len(days) > maxHolidays {
		a.schemaError = "there are too many holidays"
		return nil, a
	}
	for i := range days {
		if _, err := time.Parse(time.DateOnly, days[i].Date); err != nil {
			a.schemaError = "a holiday has no date"
			return nil, a
		}
		days[i].Description = redact.Line(days[i].Description, maxTextLength)
	}
	return days, a
}

// Profile requests the account of the token, and reports whether it is active;
// false means dormant. A refusal with UDAPI1221 does not mean that the token is
// bad: account reads with an Analytics token are bound to a static IP.
func (c *Client) Profile(ctx context.Context, token string) (active bool, a Response) {
	a = c.get(ctx, "/v2/user/profile", token)
	var data struct {
		UserID *string `json:"user_id"`
		Active *bool   `json:"is_active"`
	}
	if !a.decode(&data) {
		return false, a
	}
	if data.UserID == nil {
		a.schemaError = "the profile has no user_id"
		return false, a
	}
	return data.Active == nil || *data.Active, a
}

// LTP asks for the last traded price, which any good token may. The price is
// zero if the answer lacks it.
func (c *Client) LTP(ctx context.Context, token, key string) (price float64, a Response) {
	prices, a := c.LTPs(ctx, token, []string{key})
	return prices[key], a
}

// LTPs asks for the last traded prices of at most 500 keys; one that Upstox does
// not know spoils the answer for all. The answer names its quotes by trading
// symbol ("NSE_INDEX:Nifty 50"), so those asked for are found by their
// instrument_token.
func (c *Client) LTPs(ctx context.Context, token string, keys []string) (prices map[string]float64, a Response) {
	query := strings.ReplaceAll(url.QueryEscape(strings.Join(keys, ",")), "+", "%20")
	a = c.get(ctx, "/v3/market-quote/ltp?instrument_key="+query, token)
	var data map[string]struct {
		Key   string   `json:"instrument_token"`
		Price *float64 `json:"last_price"`
	}
	if !a.decode(&data) {
		return nil, a
	}
	prices = map[string]float64{}
	for _, q := range data {
		switch {
		case !slices.Contains(keys, q.Key):
		case q.Price == nil:
			a.schemaError = "the quote has no last_price"
		default:
			prices[q.Key] = *q.Price
		}
	}
	return prices, a
}

// MarketStatus asks for the status of an exchange, such as NSE, by name as in
// market.StateOf. A segment (NSE_INDEX) is refused with UDAPI1089;
// market.ExchangeOf tells whose it is.
func (c *Client) MarketStatus(ctx context.Context, token, exchange string) (status string, a Response) {
	a = c.get(ctx, "/v2/market/status/"+url.PathEscape(exchange), token)
	var data struct {
		Status string `json:"status"`
	}
	if !a.decode(&data) {
		return "", a
	}
	if data.Status == "" {
		a.schemaError = "the exchange has no status"
		return "", a
	}
	return redact.Line(data.Status, 40), a
}

// AuthorizePortfolio requests the URL of the portfolio feed, as Authorize does that
// of the market feed.
func (c *Client) AuthorizePortfolio(ctx context.Context, token string) (string, Response) {
	return c.authorize(ctx, portfolioAuthorizePath, token)
}

// Authorize requests the URL of the feed. It returns the URL as it came: the
// caller must check whether it may be dialed. It is empty if a good answer has
// none. Its query opens the feed once and is a secret.
func (c *Client) Authorize(ctx context.Context, token string) (string, Response) {
	return c.authorize(ctx, authorizePath, token)
}

func (c *Client) authorize(ctx context.Context, path, token string) (string, Response) {
	a := c.get(ctx, path, token)
	var data struct {
		Snake string `json:"authorized_redirect_uri"`
		Camel string `json:"authorizedRedirectUri"` // deprecated
	}
	if !a.decode(&data) {
		return "", a
	}
	if data.Snake != "" {
		return data.Snake, a
	}
	return data.Camel, a
}
