Console.Error.WriteLine("kal: no verbs yet");
return 2;
