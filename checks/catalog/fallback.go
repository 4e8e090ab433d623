package catalog

// DoctorFault is a fault in the doctor itself.
var DoctorFault = &Entry{
	Code: "doctor-fault", Stage: "any", Grade: Fails, Owner: You,
	Title: "A check of the doctor itself has failed",
	Cause: "It stopped on a mistake of its own or did not end in its time. This says nothing about Upstox; the other results stand.",
	Steps: []Step{
		{Do: "Run it again with more output.", Run: "upstox-doctor --verbose"},
		{Do: "Report that output to the makers of the doctor; it holds no secrets."},
	},
}

// NotKnown is a failure that no other entry's signs match. To name a wrong
// cause would be worse.
var NotKnown = &Entry{
	Code: "not-known", Stage: "any", Grade: Fails, Owner: You, Retry: Ask,
	Title: "This step failed in a way that the doctor does not know",
	Cause: "What was seen fits none of its diagnoses, so it names no cause.",
	Steps: []Step{
		{Do: "Run it again with all evidence, to see whether it fails in the same way.", Run: "upstox-doctor --verbose"},
		{Do: "Run it from another network, such as a phone's hotspot, and compare.", Run: "upstox-doctor"},
		reportToForum,
	},
	// A 5xx that names its server, and shows no sign of Upstox, may come from a
	// proxy or from Upstox.
	Signs: []Symptom{{Responder: ResponderProxy, HTTP: 5}},
}
