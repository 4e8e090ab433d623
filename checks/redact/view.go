package redact

// A view is a text made from another one, of which each byte can be traced to
// its source. Without places it is the source itself.
type view struct {
	text     string
	from, to []int32 // where in the source what each byte stands for begins and ends
}

// place returns where in the source bytes i to j of the view begin and end.
func (v view) place(i, j int) (from, to int32) {
	if v.from == nil {
		return int32(i), int32(j)
	}
	return v.from[i], v.to[j-1]
}

// A builder makes a view of a view.
type builder struct {
	of       view
	text     []byte
	from, to []int32
}

// add appends text that stands for bytes i to j.
func (b *builder) add(text string, i, j int) {
	from, to := b.of.place(i, j)
	for range len(text) {
		b.from, b.to = append(b.from, from), append(b.to, to)
	}
	b.text = append(b.text, text...)
}

func (b *builder) view() view { return view{string(b.text), b.from, b.to} }

// copy takes over bytes i to j as they are.
func (b *builder) copy(i, j int) {
	for ; i < j; i++ {
		b.add(b.of.text[i:i+1], i, i+1)
	}
}
