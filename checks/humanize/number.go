package humanize

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"upstox-doctor/checks/market"
)

// Count writes a number of things: "1 attempt", "3 attempts", "12,34,567 keys".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Grouped(int64(n)) + " " + thing + "s"
}

// Grouped writes a whole number as Indian papers do: "12,34,567".
func Grouped(n int64) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	if negative {
		return "-" + group(digits)
	}
	return group(digits)
}

// group sets a comma before the last three digits and before every two ahead of
// them.
func group(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	head, tail := digits[:len(digits)-3], digits[len(digits)-3:]
	for len(head) > 2 {
		head, tail = head[:len(head)-2], head[len(head)-2:]+","+tail
	}
	return head + "," + tail
}

// maxPrice is where a float64 has no digit left for paise.
const maxPrice = 1e15

// Price writes the price of an instrument in Indian grouping: "1,50,000.00".
// Keys of the currency segments have four decimals, since those pairs move in
// steps of 0.0025: "83.5000". All others, and an empty key, have two, or four if
// the feed sent more than two: "0.0525". What is no price is "?".
func Price(key string, price float64) string {
	if math.IsNaN(price) || math.Abs(price) >= maxPrice {
		return "?"
	}
	text := strconv.FormatFloat(math.Abs(price), 'f', 4, 64)
	if !isCurrency(key) {
		text = strings.TrimSuffix(text, "00")
	}
	whole, decimals, _ := strings.Cut(text, ".")
	sign := ""
	if price < 0 && strings.Trim(text, "0.") != "" {
		sign = "-"
	}
	return sign + group(whole) + "." + decimals
}

func isCurrency(key string) bool {
	segment := market.SegmentOf(key)
	return segment == "NCD_FO" || segment == "BCD_FO"
}

// maxPercent bounds a change that can be true; more comes of damaged prices.
const maxPercent = 1e6

// Change writes by how much a price moved from its previous close: "+0.46 %",
// and "0.00 %" without a sign. It is empty if one of them is not known.
func Change(price, previousClose float64) string {
	percent := 100 * (price - previousClose) / previousClose
	switch {
	case price == 0 || previousClose == 0 || math.IsNaN(percent) || math.Abs(percent) > maxPercent:
		return ""
	case math.Abs(percent) < 0.005:
		return "0.00 %"
	}
	return fmt.Sprintf("%+.2f %%", percent)
}
