var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGet("/", () => "hello");

app.Run();
